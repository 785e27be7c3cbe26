package org.t3jvm.train;

import static org.t3jvm.job.JobException.require;

import java.util.Locale;

/**
 * At which shares of noise a transformer is trained.
 *
 * @param draw how shares are drawn
 * @param shift that bends them towards noise, {@code shift u / (1 + (shift - 1) u)}
 * @param weighted whether the loss takes the timestep's weight (SPEC 9)
 * @param emptyCaptions share of the examples whose caption is empty, for guidance
 */
public record NoiseSampling(Draw draw, Float shift, Boolean weighted, Double emptyCaptions) {
  /** How shares of noise are drawn. */
  public enum Draw {
    /** One of upstream's 1000 timesteps, evenly (SPEC 21.2). */
    TABLE,
    /** Any share; the examples of a step are spread evenly over all. */
    STRATIFIED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As T3's and ViBe's scripts. */
  public static final NoiseSampling USUAL = new NoiseSampling(Draw.TABLE, 5f, true, 0.1);

  /** Fields that a JSON document leaves out have their defaults. */
  public NoiseSampling {
    draw = draw == null ? Draw.TABLE : draw;
    shift = shift == null ? Float.valueOf(5) : shift;
    weighted = weighted == null ? Boolean.valueOf(draw == Draw.TABLE) : weighted;
    emptyCaptions = emptyCaptions == null ? Double.valueOf(0.1) : emptyCaptions;
    require(shift > 0 && Float.isFinite(shift), "noise.shift", shift, "a number above 0");
    require(
        emptyCaptions >= 0 && emptyCaptions <= 1, "noise.emptyCaptions", emptyCaptions, "a share");
    require(
        !weighted || draw == Draw.TABLE, "noise.weighted", weighted, "false but for draw table");
  }
}
