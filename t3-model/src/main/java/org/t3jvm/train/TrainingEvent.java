package org.t3jvm.train;

/** What a training reports, in order, on the thread that runs it. */
public sealed interface TrainingEvent {
  /** A row of the data that is not trained on, and why. */
  record DataSkipped(String row) implements TrainingEvent {}

  /** So many rows of a data folder are checked and encoded. */
  record DataPrepared(int rows, int of) implements TrainingEvent {}

  /**
   * The steps begin.
   *
   * @param done steps of an earlier process
   * @param steps of all stages
   * @param weights numbers that are trained
   */
  record Started(long done, long steps, long weights) implements TrainingEvent {}

  /**
   * A stage begins.
   *
   * @param stage from 0
   * @param clips that are long and large enough for it
   * @param flop floating-point operations of an example, forward and backward
   * @param bytes that weights, gradients, the optimiser and the examples at work take
   * @param side examples that are computed side by side
   * @param recompute whether values of the forward pass are computed twice, for less memory
   */
  record StageStarted(int stage, int clips, double flop, long bytes, int side, boolean recompute)
      implements TrainingEvent {}

  /** A step is done. */
  record StepDone(TrainingStep step) implements TrainingEvent {}

  /** The state up to a step is on disk. */
  record Saved(long steps) implements TrainingEvent {}

  /** The trained model is written. */
  record Finished(long steps) implements TrainingEvent {}
}
