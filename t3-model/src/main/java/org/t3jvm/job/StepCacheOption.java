package org.t3jvm.job;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which step cache a run has.
 *
 * @param kind of cache
 * @param threshold of the change that is let pass, from 0; with 0 every step is computed
 */
public record StepCacheOption(Kind kind, double threshold) {
  /** The kinds of cache. */
  public enum Kind {
    /** Goes by the change of the time modulation, and keeps what the blocks add to the tokens. */
    TEACACHE,
    /** Goes by the change of latents and velocities, and keeps how these two differ. */
    EASYCACHE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What both caches' authors begin with for Wan2.1. */
  private static final double DEFAULT_THRESHOLD = 0.05;

  private static final Pattern FORM =
      Pattern.compile("(teacache|easycache)(?::(\\d{1,9}(?:\\.\\d{1,18})?))?");

  public StepCacheOption {
    if (kind == null) {
      throw new JobException("sampling.cache.kind is missing");
    }
    JobException.require(
        threshold >= 0 && Double.isFinite(threshold),
        "sampling.cache.threshold",
        threshold,
        "a number from 0");
  }

  /** The kind at its default threshold. */
  public static StepCacheOption of(Kind kind) {
    return new StepCacheOption(kind, DEFAULT_THRESHOLD);
  }

  /**
   * An option as users type it, {@code teacache} or {@code easycache:0.1}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static StepCacheOption parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no step cache, must be like teacache, easycache or teacache:0.08"
              .formatted(text));
    }
    Kind kind = Kind.valueOf(form.group(1).toUpperCase(Locale.ROOT));
    return form.group(2) == null
        ? of(kind)
        : new StepCacheOption(kind, Double.parseDouble(form.group(2)));
  }

  /** As users type it, with the threshold. */
  @Override
  public String toString() {
    return kind + ":" + threshold;
  }
}
