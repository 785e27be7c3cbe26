package org.t3jvm.loaders.io;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A read lease on a file (fcntl(2), {@code F_SETLEASE}): whoever opens it for writing or truncates
 * it waits in the kernel until the lease is closed, at most {@code /proc/sys/fs/lease-break-time}
 * seconds, 45 by default. Replacing the file by a rename and deleting it are not held up.
 *
 * <p>Linux has leases, on local file systems, for files of the same user that no one has open for
 * writing; where one cannot be had, {@link #take} gives none.
 */
public final class FileLease implements AutoCloseable {
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int F_SETSIG = 10;
  private static final int F_SETLEASE = 1024;
  private static final int F_GETLEASE = 1025;
  private static final int F_RDLCK = 0;

  /** Ignored by default, where the usual signal of a lease would end the process. */
  private static final int SIGURG = 23;

  /** The C functions; loaded when the first lease is taken. */
  private static final class C {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN =
        function(
            "open",
            2,
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle FCNTL =
        function(
            "fcntl",
            2,
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
        function("close", 1, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, int fixed, FunctionDescriptor type) {
      Linker.Option[] options =
          fixed == 1
              ? new Linker.Option[0]
              : new Linker.Option[] {Linker.Option.firstVariadicArg(fixed)};
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }
  }

  private int descriptor;

  private FileLease(int descriptor) {
    this.descriptor = descriptor;
  }

  /** A lease on a file, if this system and the file allow one. */
  public static Optional<FileLease> take(Path file) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    int descriptor = open(file);
    if (descriptor < 0) {
      return Optional.empty();
    }
    FileLease lease = new FileLease(descriptor);
    if (fcntl(descriptor, F_SETSIG, SIGURG) != 0 || fcntl(descriptor, F_SETLEASE, F_RDLCK) != 0) {
      lease.close();
      return Optional.empty();
    }
    return Optional.of(lease);
  }

  /** True once somebody waits to write the file, and from then on. */
  public synchronized boolean contested() {
    return descriptor < 0 || fcntl(descriptor, F_GETLEASE, 0) != F_RDLCK;
  }

  /** Lets go of the file, and who waits for it proceeds. Closing again does nothing. */
  @Override
  public synchronized void close() {
    if (descriptor >= 0) {
      try {
        int _ = (int) C.CLOSE.invokeExact(descriptor);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
      descriptor = -1;
    }
  }

  private static int open(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) C.OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY_CLOEXEC);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static int fcntl(int descriptor, int command, int argument) {
    try {
      return (int) C.FCNTL.invokeExact(descriptor, command, argument);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
