package org.t3jvm.bench.peer.torch;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import org.t3jvm.bench.peer.NativeFunction;
import org.t3jvm.bench.peer.NativeLibrary;

/**
 * The C library's allocator, from which libtorch takes each op's result anew. As it is, it returns
 * large blocks to the system at once, and the next op waits for pages to be cleared again; whoever
 * wants libtorch's best speed lets it keep them.
 */
final class ProcessMemory {
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_MMAP_MAX = -4;
  private static final int M_ARENA_MAX = -8;

  private ProcessMemory() {}

  /** Lets freed blocks of any size stay in the process. */
  static void keepFreedPages() {
    NativeFunction mallopt =
        NativeLibrary.libc()
            .function("mallopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    mallopt.call(M_MMAP_MAX, 0);
    mallopt.call(M_TRIM_THRESHOLD, Integer.MAX_VALUE);
    mallopt.call(M_ARENA_MAX, 1);
  }
}
