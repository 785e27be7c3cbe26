package org.t3jvm.tensor.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** Memory of Linux between two pages that nobody may touch. */
public final class GuardedMemory implements AutoCloseable {
  private static final int PAGE = 4096;

  private final Pages pages = new LinuxPages();
  private final MemorySegment all;
  private final MemorySegment usable;

  /**
   * @param bytes that {@link #start} and {@link #end} give at most
   */
  public GuardedMemory(long bytes) {
    long inside = Math.ceilDiv(bytes, PAGE) * PAGE;
    all = pages.map(inside + 2 * PAGE);
    usable = all.asSlice(PAGE, inside);
    SystemCall protect =
        new SystemCall(
            Linker.nativeLinker().defaultLookup(),
            "mprotect",
            "errno",
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT);
    protect.call(all.address(), (long) PAGE, 0);
    protect.call(all.address() + PAGE + inside, (long) PAGE, 0);
  }

  /** Bytes right behind the first guarding page. */
  public MemorySegment start(long bytes) {
    return usable.asSlice(0, bytes);
  }

  /** Bytes right before the last guarding page. */
  public MemorySegment end(long bytes) {
    return usable.asSlice(usable.byteSize() - bytes, bytes);
  }

  @Override
  public void close() {
    pages.unmap(all);
  }
}
