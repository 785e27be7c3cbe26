package org.t3jvm.job;

import static org.t3jvm.job.JobException.require;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A second, larger pass: a base video of the model's native size is resized, encoded and noised,
 * and denoised again at the size of the job, which names neither an image nor a video to start from
 * (SPEC 20, 21).
 *
 * @param kind of the second pass
 * @param baseHeight pixels of the base video; null for the model's native size
 * @param baseWidth as {@code baseHeight}
 * @param strength above 0 and below 1: share of the steps that the second pass does
 * @param shift of the second pass's noise schedule
 * @param sampler the second pass's solver
 * @param cacheSteps of FreeSwim: steps from one refresh of the full path to the next; 0 to compute
 *     both paths of both sides at every step; null of ViBe, which has none
 * @param pooling of ViBe: side of the squares of tokens whose keys are pooled; null of FreeSwim
 */
public record Hires(
    Kind kind,
    @Nullable Integer baseHeight,
    @Nullable Integer baseWidth,
    Double strength,
    Float shift,
    Sampler sampler,
    @Nullable Integer cacheSteps,
    @Nullable Integer pooling) {
  /** The methods. */
  public enum Kind {
    /** Inward windows beside full attention, without training (SPEC 20). */
    FREESWIM,
    /** Inward windows with pooled keys, for weights that were adapted on images (SPEC 21). */
    VIBE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final double STRENGTH = 0.7;
  private static final float FREESWIM_SHIFT = 9;
  private static final float VIBE_SHIFT = 5;
  private static final int CACHE_STEPS = 2;
  private static final int POOLING = 2;

  /** Fields that a JSON document leaves out have the method's defaults. */
  public Hires {
    if (kind == null) {
      throw new JobException("hires.kind is missing, must be freeswim or vibe");
    }
    boolean freeSwim = kind == Kind.FREESWIM;
    strength = strength == null ? STRENGTH : strength;
    shift = shift == null ? (freeSwim ? FREESWIM_SHIFT : VIBE_SHIFT) : shift;
    sampler = sampler == null ? Sampler.UNIPC : sampler;
    if (freeSwim) {
      cacheSteps = cacheSteps == null ? CACHE_STEPS : cacheSteps;
      require(cacheSteps >= 0, "hires.cacheSteps", cacheSteps, "at least 1, or 0 for no cache");
    } else {
      pooling = pooling == null ? POOLING : pooling;
      require(pooling >= 1, "hires.pooling", pooling, "at least 1");
    }
    requireMeaning(freeSwim || cacheSteps == null, "hires.cacheSteps", kind);
    requireMeaning(!freeSwim || pooling == null, "hires.pooling", kind);
    require(strength > 0 && strength < 1, "hires.strength", strength, "above 0 and below 1");
    require(shift > 0 && Float.isFinite(shift), "hires.shift", shift, "a number above 0");
    require(
        (baseHeight == null) == (baseWidth == null),
        "hires.baseWidth",
        baseWidth == null ? "missing" : baseWidth,
        "given together with hires.baseHeight");
    if (baseHeight != null && baseWidth != null) {
      require(baseHeight >= 1, "hires.baseHeight", baseHeight, "at least 1");
      require(baseWidth >= 1, "hires.baseWidth", baseWidth, "at least 1");
    }
  }

  private static void requireMeaning(boolean holds, String field, Kind kind) {
    if (!holds) {
      throw new JobException("%s has no meaning with hires.kind %s".formatted(field, kind));
    }
  }

  /** A method with its defaults. */
  public static Hires of(Kind kind) {
    boolean freeSwim = kind == Kind.FREESWIM;
    return new Hires(
        kind,
        null,
        null,
        STRENGTH,
        freeSwim ? FREESWIM_SHIFT : VIBE_SHIFT,
        Sampler.UNIPC,
        freeSwim ? CACHE_STEPS : null,
        freeSwim ? null : POOLING);
  }

  /** The same from a base video of this size. */
  public Hires base(int height, int width) {
    return new Hires(kind, height, width, strength, shift, sampler, cacheSteps, pooling);
  }

  /** Steps that the second pass does, of {@code steps} of its whole schedule. */
  public int stepsDone(int steps) {
    return (int) (steps * strength);
  }
}
