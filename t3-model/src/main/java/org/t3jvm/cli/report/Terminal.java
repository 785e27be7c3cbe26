package org.t3jvm.cli.report;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.OptionalInt;

/** The terminal that standard error may be. */
public final class Terminal {
  private static final int ERR = 2;

  /** {@code TIOCGWINSZ} of {@code sys/ioctl.h}. */
  private static final long GET_SIZE_LINUX = 0x5413;

  private static final long GET_SIZE_MACOS = 0x40087468;

  /** {@code struct winsize}: rows, columns and two more, 16 bits each. */
  private static final long SIZE_BYTES = 8;

  private static final long COLUMNS = 2;

  /** Of terminals that do not say how wide they are. */
  private static final int USUAL = 80;

  private static final String OS = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);

  private Terminal() {}

  /** Standard error as it is: other writers show control characters as {@code ?}. */
  static PrintWriter writer() {
    return new PrintWriter(System.err, true, System.err.charset());
  }

  /** How many columns it has now; empty if standard error is none, or one without a cursor. */
  public static OptionalInt columns() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return OptionalInt.empty();
    }
    if (OS.startsWith("windows")) {
      return isConsole() ? OptionalInt.of(USUAL) : OptionalInt.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(SIZE_BYTES);
      long request = OS.startsWith("mac") ? GET_SIZE_MACOS : GET_SIZE_LINUX;
      if ((int) Calls.IOCTL.invokeExact(ERR, request, size) != 0) {
        return OptionalInt.empty();
      }
      int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS));
      return OptionalInt.of(columns == 0 ? USUAL : columns);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** JDKs differ in whether a console that is no terminal is null. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isConsole() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static final class Calls {
    private static final MethodHandle IOCTL = ioctl();

    @SuppressWarnings("restricted")
    private static MethodHandle ioctl() {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow("ioctl"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS),
          Linker.Option.firstVariadicArg(2));
    }
  }
}
