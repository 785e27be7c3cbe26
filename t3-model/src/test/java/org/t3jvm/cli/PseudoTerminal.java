package org.t3jvm.cli;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** {@code t3} on a terminal of its own, as in a window: Linux's pseudo-terminals. */
final class PseudoTerminal implements AutoCloseable {
  private static final int READ_WRITE_NOT_MINE = 0x102;
  private static final long SET_SIZE = 0x5414;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
  private static final MemoryLayout ADDRESS = ValueLayout.ADDRESS;

  private final int master;
  private final Process process;
  private final CompletableFuture<Void> reader;
  private final StringBuilder shown = new StringBuilder();
  private boolean ended;

  /**
   * Starts a command on a new terminal, whose session it leads.
   *
   * @param environment variables beside those of this process
   */
  @SuppressWarnings("restricted")
  PseudoTerminal(int columns, Map<String, String> environment, List<String> args)
      throws IOException {
    master =
        (int)
            call(
                "posix_openpt",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, INT),
                READ_WRITE_NOT_MINE);
    FunctionDescriptor ofInt = FunctionDescriptor.of(ValueLayout.JAVA_INT, INT);
    require((int) call("grantpt", ofInt, master) == 0);
    require((int) call("unlockpt", ofInt, master) == 0);
    MemorySegment name =
        (MemorySegment) call("ptsname", FunctionDescriptor.of(ValueLayout.ADDRESS, INT), master);
    File terminal = new File(name.reinterpret(64).getString(0));
    resize(columns);
    // A process that is started in the background would have to ignore Ctrl-C.
    List<String> command =
        new ArrayList<>(List.of("env", "--default-signal=INT,TERM", "setsid", "-c"));
    command.addAll(ChildT3.command(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(terminal)
            .redirectOutput(terminal)
            .redirectError(terminal);
    builder.environment().putAll(Map.of("TERM", "xterm", "T3_TEXT_CACHE", "off"));
    builder.environment().remove("NO_COLOR");
    builder.environment().putAll(environment);
    process = builder.start();
    reader = CompletableFuture.runAsync(this::read);
  }

  private static void require(boolean holds) throws IOException {
    if (!holds) {
      throw new IOException("no pseudo-terminal can be had");
    }
  }

  @SuppressWarnings("restricted")
  private static Object call(String function, FunctionDescriptor type, Object... arguments) {
    Linker.Option[] options =
        function.equals("ioctl")
            ? new Linker.Option[] {Linker.Option.firstVariadicArg(2)}
            : new Linker.Option[0];
    MethodHandle handle =
        LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), type, options);
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the window so many columns wide, of 24 rows. */
  void resize(int columns) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(8);
      size.set(ValueLayout.JAVA_SHORT, 0, (short) 24);
      size.set(ValueLayout.JAVA_SHORT, 2, (short) columns);
      FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, INT, LONG, ADDRESS);
      require((int) call("ioctl", type, master, SET_SIZE, size) == 0);
    }
  }

  /** Types a key. */
  void type(char key) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(1);
      bytes.set(ValueLayout.JAVA_BYTE, 0, (byte) key);
      FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_LONG, INT, ADDRESS, LONG);
      require((long) call("write", type, master, bytes, 1L) == 1);
    }
  }

  private void read() {
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_LONG, INT, ADDRESS, LONG);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(4096);
      long count = (long) call("read", type, master, bytes, bytes.byteSize());
      while (count > 0) {
        byte[] chunk = bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        synchronized (shown) {
          shown.append(new String(chunk, StandardCharsets.ISO_8859_1));
          shown.notifyAll();
        }
        count = (long) call("read", type, master, bytes, bytes.byteSize());
      }
    } finally {
      synchronized (shown) {
        ended = true;
        shown.notifyAll();
      }
    }
  }

  /** Waits until what was shown is as it should be, and gives it. */
  String await(Predicate<String> condition) throws InterruptedException {
    synchronized (shown) {
      while (!condition.test(shown.toString())) {
        if (ended) {
          throw new IllegalStateException("the process ended with: " + shown);
        }
        shown.wait();
      }
      return shown.toString();
    }
  }

  /** Waits for the process, and gives its exit status. */
  int status() throws InterruptedException {
    reader.join();
    return process.waitFor();
  }

  /** All that was shown. */
  String shown() {
    synchronized (shown) {
      return shown.toString();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    reader.join();
    call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, INT), master);
  }
}
