package org.t3jvm.accel.nvidia;

import static org.t3jvm.accel.nvidia.NativeFunctions.HANDLE;
import static org.t3jvm.accel.nvidia.NativeFunctions.HOST;
import static org.t3jvm.accel.nvidia.NativeFunctions.INT;
import static org.t3jvm.accel.nvidia.NativeFunctions.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/** What the libraries need of NVIDIA's driver: its context, and memory to work in. */
final class CudaDriver {
  private final NativeFunctions.Function setCurrent;
  private final NativeFunctions.Function allocate;
  private final NativeFunctions.Function free;
  private final NativeFunctions.Function fillWords;

  CudaDriver(SymbolLookup symbols) {
    NativeFunctions driver = new NativeFunctions(symbols, LibraryStatus.CUDA);
    this.setCurrent = driver.function("cuCtxSetCurrent", HANDLE);
    this.allocate = driver.function("cuMemAlloc_v2", HOST, LONG);
    this.free = driver.function("cuMemFree_v2", HANDLE);
    this.fillWords = driver.function("cuMemsetD32Async", HANDLE, INT, LONG, HANDLE);
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

  /** Writes a word of device memory after all that the stream was given before. */
  void write(long address, int word, long stream) {
    fillWords.call("one word", address, word, 1L, stream);
  }
}
