package org.t3jvm.accel.nvidia;

import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.slots.AttentionSlots.AttentionBf16;
import org.t3jvm.accel.slots.ProductSlots.GemmBf16;

/** Runs launches on one device by NVIDIA's libraries. Not for use by several threads at once. */
public final class NvidiaKernels implements AutoCloseable {
  /** Bytes of an element of a bank. */
  private static final long ELEMENT = 4;

  private final NvidiaLibraries.Found libraries;
  private final CudaDriver driver;
  private @Nullable CublasLt cublasLt;
  private @Nullable Cudnn cudnn;
  private long workspace;
  private long workspaceBytes;

  /** Kernels on the device of whatever stream they are then given. */
  public NvidiaKernels(NvidiaLibraries.Found libraries) {
    this.libraries = libraries;
    this.driver = new CudaDriver(libraries.driver());
  }

  /**
   * Where a launch runs, and what on.
   *
   * @param context the device's context
   * @param stream what it waits for and is waited for on
   * @param banks device addresses of the operands' banks, the result's first
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Place(long context, long stream, long... banks) {
    private long of(int operand, LaunchNumbers numbers) {
      return banks[operand] + ELEMENT * numbers.at(operand);
    }
  }

  /**
   * Puts a launch on its stream.
   *
   * @param ints the launch's numbers
   * @param scale the launch's first float
   * @throws LibraryException if a library refuses it, naming function, status and sizes
   */
  public void run(LibraryFunction function, Place place, IntUnaryOperator ints, float scale) {
    driver.use(place.context());
    LaunchNumbers numbers = new LaunchNumbers(ints);
    switch (function) {
      case GEMM_BF16 -> gemm(place, numbers);
      case ATTENTION_BF16 -> attention(place, numbers, scale);
    }
  }

  /** Writes a word of device memory when all before it on the stream is done. */
  public void write(Place place, long address, int word) {
    driver.write(address, word, place.stream());
  }

  private void gemm(Place place, LaunchNumbers numbers) {
    CublasLt library = cublasLt;
    if (library == null) {
      library = new CublasLt(libraries.cublasLt());
      cublasLt = library;
    }
    GemmShape shape = numbers.gemm();
    long workspace = workspace(CublasLt.WORKSPACE + (long) Short.BYTES * shape.n());
    library.gemm(
        shape,
        place.of(shape.packed() ? GemmBf16.PACKED : GemmBf16.Y, numbers),
        place.of(GemmBf16.A, numbers),
        place.of(GemmBf16.B, numbers),
        shape.packed() && shape.bias()
            ? packed(place, numbers, workspace)
            : place.of(GemmBf16.BIAS, numbers),
        workspace,
        place.stream());
  }

  /** The bias of a product in BF16, behind what cuBLASLt works in. */
  private long packed(Place place, LaunchNumbers numbers, long workspace) {
    long to = workspace + CublasLt.WORKSPACE;
    driver.toBf16(place.of(GemmBf16.BIAS, numbers), to, numbers.gemm().n(), place.stream());
    return to;
  }

  private void attention(Place place, LaunchNumbers numbers, float scale) {
    Cudnn library = cudnn;
    if (library == null) {
      library = new Cudnn(libraries.cudnn());
      cudnn = library;
    }
    AttentionShape shape = numbers.attention(scale);
    library.attention(
        shape,
        place.of(AttentionBf16.Y, numbers),
        place.of(AttentionBf16.Q, numbers),
        place.of(AttentionBf16.K, numbers),
        place.of(AttentionBf16.V, numbers),
        workspace(library.workspace(shape)),
        place.stream());
  }

  /** Memory to work in; launches of one stream follow each other, and share it. */
  private long workspace(long bytes) {
    if (bytes > workspaceBytes) {
      long larger = driver.allocate(bytes);
      if (workspaceBytes > 0) {
        driver.free(workspace);
      }
      workspace = larger;
      workspaceBytes = bytes;
    }
    return workspace;
  }

  @Override
  public void close() {
    if (cublasLt != null) {
      cublasLt.close();
      cublasLt = null;
    }
    if (cudnn != null) {
      cudnn.close();
      cudnn = null;
    }
    if (workspaceBytes > 0) {
      driver.free(workspace);
      workspaceBytes = 0;
    }
  }
}
