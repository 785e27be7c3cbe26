package org.t3jvm.tensor.cpu.vector;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.BackendException;

/**
 * The vector width that the system property {@value #PROPERTY} forces, for tests of other machines'
 * widths. Does not link against the Vector API.
 */
public final class VectorWidth {
  public static final String PROPERTY = "t3.vector.bits";

  private VectorWidth() {}

  /**
   * Forced bits of one vector, or 0 for the machine's preferred width.
   *
   * @throws BackendException if the property is set to anything but 128, 256 or 512
   */
  public static int forcedBits() {
    return parse(System.getProperty(PROPERTY));
  }

  public static int parse(@Nullable String property) {
    return switch (property) {
      case null -> 0;
      case "128" -> 128;
      case "256" -> 256;
      case "512" -> 512;
      default ->
          throw new BackendException(
              "system property %s is '%s', it must be 128, 256 or 512"
                  .formatted(PROPERTY, property));
    };
  }
}
