package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Code in memory that is executed and cannot be written, until it is closed. */
final class ExecutableMemory implements AutoCloseable {
  private final Pages pages;
  private final MemorySegment memory;
  private boolean closed;

  private ExecutableMemory(Pages pages, MemorySegment memory) {
    this.pages = pages;
    this.memory = memory;
  }

  /**
   * Code in memory of its own.
   *
   * @throws Pages.Refused if the system does not let it be executed, with the reason
   */
  static ExecutableMemory of(byte[] code, Pages pages) {
    MemorySegment memory = pages.map(code.length);
    try {
      MemorySegment.copy(MemorySegment.ofArray(code), 0, memory, 0, code.length);
      pages.makeExecutable(memory);
    } catch (Pages.Refused e) {
      pages.unmap(memory);
      throw e;
    }
    return new ExecutableMemory(pages, memory);
  }

  /** The function that starts at a byte of the code; it must not be called after closing. */
  @SuppressWarnings("restricted")
  MethodHandle function(int start, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(memory.asSlice(start), descriptor);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pages.unmap(memory);
    }
  }
}
