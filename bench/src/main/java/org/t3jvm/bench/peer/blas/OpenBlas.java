package org.t3jvm.bench.peer.blas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.t3jvm.bench.peer.NativeBundle;
import org.t3jvm.bench.peer.NativeFunction;
import org.t3jvm.bench.peer.NativeLibrary;
import org.t3jvm.tensor.backend.BackendException;

/** The functions of {@code libopenblas}. */
final class OpenBlas {
  static final NativeBundle BUNDLE =
      new NativeBundle(
          "openblas-0.3.30",
          "org/bytedeco/openblas/linux-x86_64",
          List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0"));

  /** Variables in place of which OpenBLAS looks at the processor. */
  private static final List<String> DETECTED = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANSPOSE = 111;
  private static final int TRANSPOSE = 112;

  private final NativeFunction sgemm;
  private final NativeFunction setThreads;

  private OpenBlas() {
    // What an environment sets for other programs may be below what this processor can.
    DETECTED.forEach(NativeLibrary::unsetEnvironment);
    // Idle threads spin for 2^20 cycles, under a millisecond, not for 2^26.
    NativeLibrary.setEnvironment("OPENBLAS_THREAD_TIMEOUT", "20");
    List<Path> files = BUNDLE.unpack();
    NativeLibrary library = NativeLibrary.load(files.getLast());
    sgemm =
        library.function(
            "cblas_sgemm",
            FunctionDescriptor.ofVoid(
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_FLOAT,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                JAVA_INT,
                JAVA_FLOAT,
                ADDRESS,
                JAVA_INT));
    setThreads = library.function("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
  }

  private static final class Holder {
    static final OpenBlas INSTANCE = new OpenBlas();
  }

  /**
   * The library, loaded at the first call.
   *
   * @throws BackendException if it cannot be loaded
   */
  static OpenBlas get() {
    try {
      return Holder.INSTANCE;
    } catch (ExceptionInInitializerError e) {
      throw new BackendException("OpenBLAS cannot be loaded: " + e.getCause(), e);
    }
  }

  void setThreads(int threads) {
    setThreads.call(threads);
  }

  /** {@code c [m, n] = a [m, k] b + beta c}, dense, b [k, n] or transposed [n, k]. */
  void multiply(
      int m,
      int n,
      int k,
      MemorySegment a,
      MemorySegment b,
      boolean transposeB,
      float beta,
      MemorySegment c) {
    sgemm.call(
        ROW_MAJOR,
        NO_TRANSPOSE,
        transposeB ? TRANSPOSE : NO_TRANSPOSE,
        m,
        n,
        k,
        1f,
        a,
        k,
        b,
        transposeB ? k : n,
        beta,
        c,
        n);
  }
}
