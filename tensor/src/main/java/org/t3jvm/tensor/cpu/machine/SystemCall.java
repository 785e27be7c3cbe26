package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A function of the system, of integers and addresses, that returns a number of 64 bits and leaves
 * an error number. Called now and then only.
 */
final class SystemCall {
  private final String name;
  private final MethodHandle handle;
  private final String state;

  /**
   * A function by name.
   *
   * @param state what holds its error number: {@code errno} or {@code GetLastError}
   * @param arguments their layouts
   * @throws Pages.Refused if there is none of that name
   */
  @SuppressWarnings("restricted")
  SystemCall(SymbolLookup lookup, String name, String state, MemoryLayout... arguments) {
    this.name = name;
    this.state = state;
    MemorySegment symbol =
        lookup.find(name).orElseThrow(() -> new Pages.Refused("the system has no " + name));
    this.handle =
        Linker.nativeLinker()
            .downcallHandle(
                symbol,
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments),
                Linker.Option.captureCallState(state));
  }

  /** What a call returned, and its error number. */
  record Result(long value, int error) {}

  Result call(Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = arena.allocate(Linker.Option.captureStateLayout());
      List<Object> all = new ArrayList<>();
      all.add(captured);
      all.addAll(List.of(arguments));
      long value = (long) handle.invokeWithArguments(all);
      VarHandle error =
          Linker.Option.captureStateLayout()
              .varHandle(MemoryLayout.PathElement.groupElement(state));
      return new Result(value, (int) error.get(captured, 0L));
    } catch (Throwable e) {
      throw new IllegalStateException("call of " + name + " failed: " + e, e);
    }
  }

  /** The refusal that a result means. */
  Pages.Refused refused(Result result) {
    return new Pages.Refused("%s failed, %s %d".formatted(name, state, result.error()));
  }
}
