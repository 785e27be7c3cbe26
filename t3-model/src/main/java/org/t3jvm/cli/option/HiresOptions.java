package org.t3jvm.cli.option;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.Hires;
import org.t3jvm.job.Sampler;
import org.t3jvm.job.VideoJobBuilder;
import picocli.CommandLine.Option;

/** Options of a second, larger pass. */
public final class HiresOptions {
  private static final String OFF = "off";

  @Option(
      names = "--hires",
      paramLabel = "freeswim|vibe",
      description =
          "Make a smaller video first, and enlarge it to the size that is asked for in a second"
              + " pass: freeswim with any weights, vibe with a LoRA that was trained for it.")
  private Hires.@Nullable Kind kind;

  @Option(
      names = "--hires-cache",
      paramLabel = "N|off",
      description =
          "Of freeswim: steps from one pass in full attention to the next; off for both paths on"
              + " both sides at every step (default: 2).")
  private @Nullable String cache;

  @Option(
      names = "--hires-pooling",
      paramLabel = "N",
      description = "Of vibe: side of the squares of tokens whose keys are pooled (default: 2).")
  private @Nullable Integer pooling;

  @Option(
      names = "--base-height",
      paramLabel = "PIXELS",
      description = "Rows of the smaller video's frames (default: the model's).")
  private @Nullable Integer baseHeight;

  @Option(
      names = "--base-width",
      paramLabel = "PIXELS",
      description = "Columns of its frames (default: the model's).")
  private @Nullable Integer baseWidth;

  @Option(
      names = "--hires-sampler",
      paramLabel = "euler|unipc|dpm++",
      converter = SamplingOptions.SamplerNames.class,
      description = "Solver of the second pass (default: unipc).")
  private @Nullable Sampler sampler;

  @Option(
      names = "--hires-shift",
      paramLabel = "X",
      description = "Shift of the second pass's noise schedule (default: freeswim 9, vibe 5).")
  private @Nullable Float shift;

  /** True if there is a second pass. */
  boolean given() {
    return kind != null;
  }

  /**
   * Sets the second pass, if there is one.
   *
   * @param strength share of its steps that it does, or null
   * @throws UsageException if an option has no meaning
   */
  void applyTo(VideoJobBuilder job, @Nullable Double strength) {
    if (kind == null) {
      requireNone("--hires-cache", cache);
      requireNone("--hires-pooling", pooling);
      requireNone("--base-height", baseHeight);
      requireNone("--base-width", baseWidth);
      requireNone("--hires-sampler", sampler);
      requireNone("--hires-shift", shift);
      return;
    }
    Hires usual = Hires.of(kind);
    job.hires(
        new Hires(
            kind,
            baseHeight,
            baseWidth,
            strength == null ? usual.strength() : strength,
            shift == null ? usual.shift() : shift,
            sampler == null ? usual.sampler() : sampler,
            cacheSteps(),
            pooling));
  }

  private static void requireNone(String option, @Nullable Object value) {
    if (value != null) {
      throw new UsageException(option + " has no meaning without --hires freeswim or --hires vibe");
    }
  }

  private @Nullable Integer cacheSteps() {
    if (cache == null) {
      return null;
    }
    if (cache.toLowerCase(Locale.ROOT).equals(OFF)) {
      return 0;
    }
    try {
      int steps = Integer.parseInt(cache);
      if (steps >= 1) {
        return steps;
      }
    } catch (NumberFormatException e) {
      // Falls through to what is right.
    }
    throw new UsageException(
        "--hires-cache is '%s', must be a number of steps from 1 on, or off".formatted(cache));
  }
}
