package org.t3jvm.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.t3jvm.tensor.backend.BackendException;

/** Functions of a loaded shared library, which stays loaded until the JVM ends. */
public final class NativeLibrary {
  private static final Linker LINKER = Linker.nativeLinker();

  private final String name;
  private final SymbolLookup symbols;

  private NativeLibrary(String name, SymbolLookup symbols) {
    this.name = name;
    this.symbols = symbols;
  }

  /**
   * Loads a library; those it needs are found beside it.
   *
   * @throws BackendException if the dynamic linker refuses it
   */
  public static NativeLibrary load(Path file) {
    try {
      return new NativeLibrary(
          file.getFileName().toString(), SymbolLookup.libraryLookup(file, Arena.global()));
    } catch (IllegalArgumentException e) {
      throw new BackendException("cannot load %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** The C library of this process. */
  public static NativeLibrary libc() {
    return new NativeLibrary("libc", LINKER.defaultLookup());
  }

  /**
   * One function.
   *
   * @throws BackendException if the library has none of that name
   */
  public NativeFunction function(String symbol, FunctionDescriptor descriptor) {
    MemorySegment address =
        symbols
            .find(symbol)
            .orElseThrow(() -> new BackendException(name + " has no function " + symbol));
    return new NativeFunction(symbol, LINKER.downcallHandle(address, descriptor));
  }

  /**
   * Memory from the C library's {@code malloc}, for a callee to free.
   *
   * @throws BackendException if there is none
   */
  public static MemorySegment allocate(long bytes) {
    NativeFunction malloc =
        libc()
            .function("malloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    if (malloc.call(bytes) instanceof MemorySegment memory && !memory.equals(MemorySegment.NULL)) {
      return memory.reinterpret(bytes);
    }
    throw new BackendException("malloc gives no %d bytes".formatted(bytes));
  }

  /**
   * Sets a variable of this process's environment, unless the user did; libraries loaded later read
   * it.
   */
  public static void setEnvironment(String variable, String value) {
    try (Arena arena = Arena.ofConfined()) {
      libc()
          .function(
              "setenv",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT))
          .call(arena.allocateFrom(variable), arena.allocateFrom(value), 0);
    }
  }

  /** Removes a variable from this process's environment, for libraries loaded later. */
  public static void unsetEnvironment(String variable) {
    try (Arena arena = Arena.ofConfined()) {
      libc()
          .function("unsetenv", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
          .call(arena.allocateFrom(variable));
    }
  }
}
