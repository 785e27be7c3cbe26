package org.t3jvm.tensor.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** Pages of Windows: VirtualAlloc, VirtualProtect, VirtualFree of memoryapi.h. */
final class WindowsPages implements Pages {
  private static final String STATE = "GetLastError";
  private static final int COMMIT_AND_RESERVE = 0x3000;
  private static final int RELEASE = 0x8000;
  private static final int PAGE_READ_WRITE = 4;
  private static final int PAGE_EXECUTE_READ = 0x20;

  private final SystemCall allocate;
  private final SystemCall protect;
  private final SystemCall free;

  @SuppressWarnings("restricted")
  WindowsPages() {
    SymbolLookup lookup = SymbolLookup.libraryLookup("kernel32", Arena.global());
    allocate =
        new SystemCall(lookup, "VirtualAlloc", STATE, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
    protect =
        new SystemCall(lookup, "VirtualProtect", STATE, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    free = new SystemCall(lookup, "VirtualFree", STATE, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }

  @Override
  @SuppressWarnings("restricted")
  public MemorySegment map(long bytes) {
    SystemCall.Result result = allocate.call(0L, bytes, COMMIT_AND_RESERVE, PAGE_READ_WRITE);
    if (result.value() == 0) {
      throw allocate.refused(result);
    }
    return MemorySegment.ofAddress(result.value()).reinterpret(bytes);
  }

  @Override
  public void makeExecutable(MemorySegment memory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(JAVA_INT);
      SystemCall.Result result =
          protect.call(memory.address(), memory.byteSize(), PAGE_EXECUTE_READ, before.address());
      requireTrue(protect, result);
    }
  }

  @Override
  public void unmap(MemorySegment memory) {
    requireTrue(free, free.call(memory.address(), 0L, RELEASE));
  }

  /** The functions return 32 bits; the upper half of the register means nothing. */
  private static void requireTrue(SystemCall call, SystemCall.Result result) {
    if ((int) result.value() == 0) {
      throw call.refused(result);
    }
  }
}
