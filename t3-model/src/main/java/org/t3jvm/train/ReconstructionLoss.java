package org.t3jvm.train;

import static org.t3jvm.job.JobException.require;

/**
 * The weights of an autoencoder's loss, between frames in [-1, 1].
 *
 * @param squared of the squared difference
 * @param absolute of the absolute difference
 * @param charbonnier of the Charbonnier loss
 * @param divergence of the latents' divergence from the standard normal distribution; with 0 the
 *     frames are decoded from the latents' mean
 */
public record ReconstructionLoss(
    Float squared, Float absolute, Float charbonnier, Float divergence) {
  /** The squared difference above all. */
  public static final ReconstructionLoss USUAL = new ReconstructionLoss(4f, 0.5f, 0f, 2e-4f);

  /** Fields that a JSON document leaves out are 0. */
  public ReconstructionLoss {
    squared = atLeast0("loss.squared", squared);
    absolute = atLeast0("loss.absolute", absolute);
    charbonnier = atLeast0("loss.charbonnier", charbonnier);
    divergence = atLeast0("loss.divergence", divergence);
    require(squared + absolute + charbonnier > 0, "loss.squared", squared, "above 0, or another");
  }

  private static Float atLeast0(String field, Float weight) {
    if (weight == null) {
      return 0f;
    }
    require(weight >= 0 && Float.isFinite(weight), field, weight, "a number from 0");
    return weight;
  }
}
