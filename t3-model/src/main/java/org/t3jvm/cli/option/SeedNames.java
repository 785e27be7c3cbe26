package org.t3jvm.cli.option;

import java.security.SecureRandom;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A seed, or {@code random} (also {@code -1}) for one that is drawn. */
public final class SeedNames implements ITypeConverter<Long> {
  private static final long END = 1L << 32;

  @Override
  public Long convert(String value) {
    if (value.equals("random") || value.equals("-1")) {
      return new SecureRandom().nextLong(END);
    }
    try {
      return Long.valueOf(value);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "'%s' is no seed, must be an integer or random".formatted(value));
    }
  }
}
