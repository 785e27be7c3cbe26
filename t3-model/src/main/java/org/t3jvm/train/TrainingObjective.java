package org.t3jvm.train;

/**
 * What weights are trained towards.
 *
 * @param loss of an autoencoder
 * @param noise of a transformer's examples
 */
public record TrainingObjective(ReconstructionLoss loss, NoiseSampling noise) {
  /** The defaults of both. */
  public static final TrainingObjective USUAL =
      new TrainingObjective(ReconstructionLoss.USUAL, NoiseSampling.USUAL);

  public TrainingObjective {
    loss = loss == null ? ReconstructionLoss.USUAL : loss;
    noise = noise == null ? NoiseSampling.USUAL : noise;
  }
}
