package org.t3jvm.accel.nvidia;

import static org.t3jvm.accel.nvidia.NativeFunctions.HANDLE;
import static org.t3jvm.accel.nvidia.NativeFunctions.HOST;
import static org.t3jvm.accel.nvidia.NativeFunctions.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Products of BF16 matrices by cuBLASLt, with F32 sums. What is found out for a shape, which way to
 * compute it included, is kept. Not for use by several threads at once.
 *
 * <p>cuBLASLt has columns back to back: it computes {@code y^T = b a^T}, whose memory is that of y
 * with rows back to back.
 */
final class CublasLt implements AutoCloseable {
  /** Memory that a product may work in, as NVIDIA advises for GPUs of compute capability 9. */
  static final long WORKSPACE = 32L << 20;

  private final GemmPlans plans;
  private final NativeFunctions.Function destroy;
  private final NativeFunctions.Function multiply;
  private final Arena arena = Arena.ofShared();
  private final long handle;
  private final MemorySegment one;
  private final MemorySegment zero;
  private final Map<GemmShape, GemmPlan> known = new HashMap<>();

  /**
   * @throws LibraryException if it cannot start
   */
  CublasLt(SymbolLookup symbols) {
    NativeFunctions library = new NativeFunctions(symbols, LibraryStatus.CUBLAS);
    this.destroy = library.function("cublasLtDestroy", HANDLE);
    this.multiply =
        library.function(
            "cublasLtMatmul",
            HANDLE,
            HANDLE,
            HOST,
            HANDLE,
            HANDLE,
            HANDLE,
            HANDLE,
            HOST,
            HANDLE,
            HANDLE,
            HANDLE,
            HANDLE,
            HOST,
            HANDLE,
            LONG,
            HANDLE);
    this.one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
    this.zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
    MemorySegment created = arena.allocate(ValueLayout.JAVA_LONG);
    library.function("cublasLtCreate", HOST).call("this device", created);
    this.handle = created.get(ValueLayout.JAVA_LONG, 0);
    this.plans = new GemmPlans(library, handle, arena);
  }

  /** The version of a library, as {@code 12.6.4}. */
  static String version(SymbolLookup symbols) {
    long version = new NativeFunctions(symbols, LibraryStatus.CUBLAS).size("cublasLtGetVersion");
    return "%d.%d.%d".formatted(version / 10000, version / 100 % 100, version % 100);
  }

  /**
   * Puts a product on a stream. The addresses are of device memory and multiples of 16.
   *
   * @param bias n elements of y's type; not read if the shape has none
   * @param workspace {@link #WORKSPACE} bytes
   */
  void gemm(GemmShape shape, long y, long a, long b, long bias, long workspace, long stream) {
    GemmPlan plan = known.computeIfAbsent(shape, plans::make);
    if (shape.bias()) {
      plans.setBias(plan, bias);
    }
    multiply.call(
        shape,
        handle,
        plan.operation(),
        one,
        b,
        plan.b(),
        a,
        plan.a(),
        zero,
        y,
        plan.y(),
        y,
        plan.y(),
        plan.algorithm(),
        workspace,
        WORKSPACE,
        stream);
  }

  /** Shapes that it has an algorithm for. */
  int plans() {
    return known.size();
  }

  @Override
  public void close() {
    known.values().forEach(plans::release);
    known.clear();
    destroy.call("this device", handle);
    arena.close();
  }
}
