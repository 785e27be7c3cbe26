package org.t3jvm.accel.tornado;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Host memory that is not touched. TornadoVM's arrays have a host side as large as the device's; a
 * bank's is never read or written but for its header, and so must not be filled with zeros, which
 * would take real memory.
 */
final class HostMemory {
  private static final MethodHandle MALLOC =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("malloc"),
              FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

  private HostMemory() {}

  /** Memory for the rest of the process. */
  static MemorySegment reserve(long bytes) {
    MemorySegment segment;
    try {
      segment = (MemorySegment) MALLOC.invokeExact(bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("malloc cannot be called", e);
    }
    if (segment.equals(MemorySegment.NULL)) {
      throw new OutOfMemoryError("no address space for %d bytes".formatted(bytes));
    }
    return segment.reinterpret(bytes);
  }
}
