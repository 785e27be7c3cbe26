package org.t3jvm.train;

import java.util.List;

/**
 * What a training takes, known before its data are read.
 *
 * @param weights numbers that are trained
 * @param stages in their order
 */
public record TrainingPlan(long weights, List<Stage> stages) {
  public TrainingPlan {
    stages = List.copyOf(stages);
  }

  /**
   * What a stage takes.
   *
   * @param steps of the stage
   * @param flop floating-point operations of a step, forward and backward
   * @param bytes that weights, gradients, the optimiser and the examples at work take
   * @param side examples that are computed side by side
   * @param recompute whether values of the forward pass are computed twice
   * @param seconds that the stage takes at the rates of this machine
   */
  public record Stage(
      int steps, double flop, long bytes, int side, boolean recompute, double seconds) {}

  /** Seconds of all stages. */
  public double seconds() {
    return stages.stream().mapToDouble(Stage::seconds).sum();
  }
}
