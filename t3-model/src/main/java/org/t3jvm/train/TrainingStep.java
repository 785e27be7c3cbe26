package org.t3jvm.train;

/**
 * What a step did.
 *
 * @param step from 0
 * @param loss mean over its examples
 * @param norm of the gradients before clipping
 * @param rate learning rate
 * @param skipped whether weights were left alone, because a gradient was not finite
 * @param flop floating-point operations of its examples, forward and backward
 * @param tokens of its examples: of a transformer, or latent cells of an autoencoder
 * @param times where its time went
 */
public record TrainingStep(
    long step,
    double loss,
    double norm,
    double rate,
    boolean skipped,
    double flop,
    long tokens,
    Times times) {
  /**
   * Seconds of a step.
   *
   * @param total of the step
   * @param data summed over workers: examples read and made
   * @param graph summed over workers: losses and gradients computed
   * @param update gradients clipped, weights changed and averaged
   */
  public record Times(double total, double data, double graph, double update) {}
}
