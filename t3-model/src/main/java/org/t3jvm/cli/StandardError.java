package org.t3jvm.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The standard error of the process. With {@code --quiet} the launcher starts the JVM with that of
 * a filter that drops the JVM's line on incubator modules, and the real one under another number.
 */
final class StandardError {
  /** System property with the number of the real standard error, while a filter is in its place. */
  private static final String REAL = "t3.stderr";

  private static final int STANDARD_ERROR = 2;

  private StandardError() {}

  /**
   * Puts the real standard error in the filter's place, so that nothing passes through it again.
   */
  @SuppressWarnings("restricted") // the launcher gives native access
  static void restore() {
    Integer real = Integer.getInteger(REAL);
    if (real == null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int _ = (int) dup2.invokeExact(real.intValue(), STANDARD_ERROR);
    } catch (Throwable e) {
      throw new AssertionError("dup2 takes two numbers", e);
    }
  }
}
