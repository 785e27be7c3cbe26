package org.t3jvm.accel.nvidia;

import static org.t3jvm.accel.nvidia.NativeFunctions.HANDLE;
import static org.t3jvm.accel.nvidia.NativeFunctions.HOST;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Attention of BF16 token rows by cuDNN, with F32 sums and softmax. What is found out for a shape
 * is kept. Not for use by several threads at once.
 */
final class Cudnn implements AutoCloseable {
  private final CudnnBackend backend;
  private final NativeFunctions.Function destroy;
  private final NativeFunctions.Function setStream;
  private final long handle;
  private final Map<AttentionShape, AttentionPlan> known = new HashMap<>();

  /**
   * @throws LibraryException if it cannot start
   */
  Cudnn(SymbolLookup symbols) {
    NativeFunctions library = new NativeFunctions(symbols, LibraryStatus.CUDNN);
    this.destroy = library.function("cudnnDestroy", HANDLE);
    this.setStream = library.function("cudnnSetStream", HANDLE, HANDLE);
    this.backend = new CudnnBackend(library);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment created = arena.allocate(ValueLayout.JAVA_LONG);
      library.function("cudnnCreate", HOST).call("this device", created);
      this.handle = created.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  /** The version of a library, as {@code 9.5.1}. */
  static String version(SymbolLookup symbols) {
    long version = new NativeFunctions(symbols, LibraryStatus.CUDNN).size("cudnnGetVersion");
    return "%d.%d.%d".formatted(version / 10000, version / 100 % 100, version % 100);
  }

  /** Bytes that an attention works in. */
  long workspace(AttentionShape shape) {
    return plan(shape).workspace();
  }

  /**
   * Puts an attention on a stream. The addresses are of device memory and multiples of 16.
   *
   * @param workspace {@link #workspace} bytes
   */
  void attention(
      AttentionShape shape, long y, long q, long k, long v, long workspace, long stream) {
    AttentionPlan plan = plan(shape);
    setStream.call(shape, handle, stream);
    plan.run(handle, y, q, k, v, workspace);
  }

  private AttentionPlan plan(AttentionShape shape) {
    return known.computeIfAbsent(shape, each -> AttentionPlan.make(backend, handle, each));
  }

  /** Shapes that it has a plan for. */
  int plans() {
    return known.size();
  }

  @Override
  public void close() {
    known.values().forEach(AttentionPlan::close);
    known.clear();
    destroy.call("this device", handle);
  }
}
