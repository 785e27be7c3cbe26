package org.t3jvm.bench.peer;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** A native function that can be called with boxed arguments. */
public final class NativeFunction {
  private final String symbol;
  private final MethodHandle handle;

  NativeFunction(String symbol, MethodHandle handle) {
    this.symbol = symbol;
    this.handle = handle;
  }

  /** Its symbol in the library. */
  public String symbol() {
    return symbol;
  }

  /** Calls it; null if it returns nothing. */
  public @Nullable Object call(@Nullable Object... arguments) {
    try {
      return handle.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(symbol + " threw " + e, e);
    }
  }
}
