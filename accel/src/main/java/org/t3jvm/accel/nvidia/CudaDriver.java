package org.t3jvm.accel.nvidia;

import static org.t3jvm.accel.nvidia.NativeFunctions.HANDLE;
import static org.t3jvm.accel.nvidia.NativeFunctions.HOST;
import static org.t3jvm.accel.nvidia.NativeFunctions.INT;
import static org.t3jvm.accel.nvidia.NativeFunctions.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** What the libraries need of NVIDIA's driver: its context, and memory to work in. */
final class CudaDriver {
  private final NativeFunctions.Function setCurrent;
  private final NativeFunctions.Function allocate;
  private final NativeFunctions.Function free;
  private final NativeFunctions.Function fillWords;
  private final NativeFunctions.Function fetch;
  private final NativeFunctions.Function send;
  private final NativeFunctions.Function await;

  CudaDriver(SymbolLookup symbols) {
    NativeFunctions driver = new NativeFunctions(symbols, LibraryStatus.CUDA);
    this.setCurrent = driver.function("cuCtxSetCurrent", HANDLE);
    this.allocate = driver.function("cuMemAlloc_v2", HOST, LONG);
    this.free = driver.function("cuMemFree_v2", HANDLE);
    this.fillWords = driver.function("cuMemsetD32Async", HANDLE, INT, LONG, HANDLE);
    this.fetch = driver.function("cuMemcpyDtoHAsync_v2", HOST, HANDLE, LONG, HANDLE);
    this.send = driver.function("cuMemcpyHtoDAsync_v2", HANDLE, HOST, LONG, HANDLE);
    this.await = driver.function("cuStreamSynchronize", HANDLE);
  }

  /** Makes a context the one of this thread, which the libraries then use. */
  void use(long context) {
    setCurrent.call("the context of the device", context);
  }

  /** Device memory until {@link #free}. */
  long allocate(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ValueLayout.JAVA_LONG);
      allocate.call("%d bytes of work space".formatted(bytes), address, bytes);
      return address.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  void free(long address) {
    free.call("work space", address);
  }

  /**
   * Rounds F32 elements of device memory to BF16 ones, on the host, for which it waits: they are
   * few.
   */
  void toBf16(long from, long to, int count, long stream) {
    Tensor floats = Tensor.allocate(DType.F32, Shape.of(count));
    fetch.call(floats, floats.segment(), from, floats.byteSize(), stream);
    await.call(floats, stream);
    Tensor rounded = floats.to(DType.BF16);
    send.call(rounded, to, rounded.segment(), rounded.byteSize(), stream);
    await.call(rounded, stream);
  }

  /** Writes a word of device memory after all that the stream was given before. */
  void write(long address, int word, long stream) {
    fillWords.call("one word", address, word, 1L, stream);
  }
}
