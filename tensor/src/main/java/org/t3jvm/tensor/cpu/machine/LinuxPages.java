package org.t3jvm.tensor.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** Pages of Linux: mmap(2), mprotect(2), munmap(2). */
final class LinuxPages implements Pages {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private final SystemCall map;
  private final SystemCall protect;
  private final SystemCall unmap;

  LinuxPages() {
    SymbolLookup lookup = Linker.nativeLinker().defaultLookup();
    map =
        new SystemCall(
            lookup, "mmap", "errno", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    protect = new SystemCall(lookup, "mprotect", "errno", JAVA_LONG, JAVA_LONG, JAVA_INT);
    unmap = new SystemCall(lookup, "munmap", "errno", JAVA_LONG, JAVA_LONG);
  }

  @Override
  @SuppressWarnings("restricted")
  public MemorySegment map(long bytes) {
    SystemCall.Result result = map.call(0L, bytes, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0L);
    if (result.value() == -1) {
      throw map.refused(result);
    }
    return MemorySegment.ofAddress(result.value()).reinterpret(bytes);
  }

  @Override
  public void makeExecutable(MemorySegment memory) {
    requireZero(protect, protect.call(memory.address(), memory.byteSize(), READ | EXECUTE));
  }

  @Override
  public void unmap(MemorySegment memory) {
    requireZero(unmap, unmap.call(memory.address(), memory.byteSize()));
  }

  /** The functions return 32 bits; the upper half of the register means nothing. */
  private static void requireZero(SystemCall call, SystemCall.Result result) {
    if ((int) result.value() != 0) {
      throw call.refused(result);
    }
  }
}
