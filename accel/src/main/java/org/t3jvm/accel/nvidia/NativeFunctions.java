package org.t3jvm.accel.nvidia;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Optional;

/**
 * Functions of one library. Addresses of host memory are {@link #HOST}, handles and addresses of
 * device memory {@link #HANDLE}.
 *
 * @param symbols where they are
 * @param statuses what their results are called
 */
public record NativeFunctions(SymbolLookup symbols, LibraryStatus statuses) {
  public static final MemoryLayout HOST = ValueLayout.ADDRESS;
  public static final MemoryLayout HANDLE = ValueLayout.JAVA_LONG;
  public static final MemoryLayout INT = ValueLayout.JAVA_INT;
  public static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

  private static final long REASON_BYTES = 1024;

  private static final MethodType SPREAD = MethodType.methodType(int.class, Object[].class);

  /** A function that returns a status. */
  public static final class Function {
    private final NativeFunctions library;
    private final String name;
    private final MethodHandle handle;

    private Function(NativeFunctions library, String name, MethodHandle handle) {
      this.library = library;
      this.name = name;
      this.handle = handle;
    }

    /**
     * Calls it.
     *
     * @param what what it is called for, shapes and all, in the message if it fails
     * @throws LibraryException if its status is not 0
     */
    public void call(Object what, Object... arguments) {
      int status = status(arguments);
      if (status != 0) {
        throw new LibraryException(
            "%s failed with %s for %s%s"
                .formatted(name, library.statuses.describe(status), what, library.reason()));
      }
    }

    /** Calls it for its status. */
    public int status(Object... arguments) {
      try {
        return (int) handle.invokeExact(arguments);
      } catch (Throwable e) {
        throw new LibraryException("%s cannot be called: %s".formatted(name, e), e);
      }
    }
  }

  /** A function that returns a status. */
  public Function function(String name, MemoryLayout... parameters) {
    MethodHandle handle =
        downcall(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters))
            .asSpreader(Object[].class, parameters.length)
            .asType(SPREAD);
    return new Function(this, name, handle);
  }

  /** The library's description of its last error, after a colon; only cuDNN has one. */
  @SuppressWarnings("restricted")
  private String reason() {
    Optional<MemorySegment> symbol = symbols.find("cudnnGetLastErrorString");
    if (symbol.isEmpty()) {
      return "";
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(REASON_BYTES);
      MethodHandle lastError =
          Linker.nativeLinker()
              .downcallHandle(
                  symbol.get(),
                  FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
      lastError.invokeExact(text, REASON_BYTES);
      String reason = text.getString(0).strip().replaceAll("\\s+", " ");
      return reason.isEmpty() ? "" : ": " + reason;
    } catch (Throwable e) {
      return "";
    }
  }

  /** What a function without parameters returns, a {@code size_t}. */
  long size(String name) {
    try {
      return (long) downcall(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG)).invokeExact();
    } catch (LibraryException e) {
      throw e;
    } catch (Throwable e) {
      throw new LibraryException("%s cannot be called: %s".formatted(name, e), e);
    }
  }

  @SuppressWarnings("restricted")
  private MethodHandle downcall(String name, FunctionDescriptor descriptor) {
    MemorySegment symbol =
        symbols
            .find(name)
            .orElseThrow(() -> new LibraryException("the library has no function " + name));
    return Linker.nativeLinker().downcallHandle(symbol, descriptor);
  }
}
