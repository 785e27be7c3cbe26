package org.t3jvm.job;

import java.util.Locale;

/** Numbers as people write them. */
public final class Numbers {
  private Numbers() {}

  /** A number without needless digits. */
  public static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%s", (float) value);
  }
}
