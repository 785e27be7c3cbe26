package org.t3jvm.job;

import static org.t3jvm.job.JobException.require;

import org.jspecify.annotations.Nullable;

/**
 * How latents are denoised.
 *
 * @param steps of the scheduler; null for the model's default
 * @param sampler the solver of the steps
 * @param cfg strength of the classifier-free guidance, 1 for none; null for the model's default
 * @param shift of the noise schedule; null for the model's default
 * @param seed of the noise
 * @param cache which steps are made of earlier ones; null to compute all
 */
public record Sampling(
    @Nullable Integer steps,
    Sampler sampler,
    @Nullable Float cfg,
    @Nullable Float shift,
    Long seed,
    @Nullable StepCacheOption cache) {
  /** What the model's release samples with. */
  public static final Sampling DEFAULT = new Sampling(null, Sampler.EULER, null, null, 0L, null);

  /** Fields that a JSON document leaves out have their defaults. */
  public Sampling {
    sampler = sampler == null ? Sampler.EULER : sampler;
    seed = seed == null ? 0L : seed;
    if (steps != null) {
      require(steps >= 1, "sampling.steps", steps, "at least 1");
    }
    if (shift != null) {
      require(shift > 0 && Float.isFinite(shift), "sampling.shift", shift, "a number above 0");
    }
    if (cfg != null) {
      require(Float.isFinite(cfg), "sampling.cfg", cfg, "a finite number");
    }
  }
}
