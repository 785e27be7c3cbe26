package org.t3jvm.event;

import java.util.Map;
import java.util.function.Supplier;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.MemoryPlan;

/**
 * What a run reports, in order, on the thread that computes it. A stage's events lie between its
 * {@link StageStarted} and {@link StageEnded}; a run that fails or is cancelled leaves its stage
 * open.
 */
public sealed interface RunEvent {
  /** How the job fits into its memory, before anything is computed. */
  record Planned(Need denoise, Need decode) implements RunEvent {}

  /**
   * What a stage takes.
   *
   * @param bytes beside the weights
   * @param parts what it is divided into, such as {@code in 3 bands of rows}; empty if it is not
   */
  record Need(long bytes, String parts) {}

  /** What the stage's program needs in memory, known before it runs. */
  record Memory(Stage stage, MemoryPlan plan) implements RunEvent {}

  /**
   * A stage begins.
   *
   * @param steps of the stage
   * @param blocks equal parts of a step, such as transformer blocks or layers
   * @param done steps that an earlier process did; the next one is the one after them
   */
  record StageStarted(Stage stage, int steps, int blocks, int done) implements RunEvent {}

  /**
   * A step begins.
   *
   * @param step from 0
   */
  record StepStarted(Stage stage, int step) implements RunEvent {}

  /**
   * A block is computed.
   *
   * @param done blocks of the whole stage so far, those of an earlier process among them
   */
  record BlockDone(Stage stage, long done) implements RunEvent {}

  /**
   * A step was not computed but made of earlier ones by the step cache (SPEC 18).
   *
   * @param step from 0
   */
  record StepReused(Stage stage, int step) implements RunEvent {}

  /** A stage is done. */
  record StageEnded(Stage stage) implements RunEvent {}

  /**
   * What a stage computed. The tensors are the run's own: they hold these values until the listener
   * returns, must not be written, and are to be copied by a listener that keeps them.
   *
   * <ul>
   *   <li>text: {@code positive} and, with guidance, {@code negative}, context rows [n, dim]
   *   <li>encode: {@code first_frame} [C, 1, h, w], the latents of the image that the video starts
   *       from; {@code base}, those of the base video that a second pass enlarges
   *   <li>denoise: {@code noise} [C, T, h, w]; at every step {@code latents}, which the model got,
   *       and its velocities {@code positive} and {@code negative}; at the end {@code denoised}
   *   <li>decode: {@code frames} [F, H, W, 3] in [-1, 1], unless bands of rows are decoded
   * </ul>
   *
   * @param step from 0, those of earlier passes counted; of values that belong to no step, 0
   */
  record Computed(Stage stage, int step, Map<String, Tensor> tensors) implements RunEvent {}

  /**
   * What the video is about to show can be seen.
   *
   * @param step from 0, those of earlier passes counted
   * @param pictures made when they are asked for, which must be before the listener returns
   */
  record Preview(int step, Supplier<Pictures> pictures) implements RunEvent {}

  /** Something could not be done that the video does not depend on. */
  record Warning(String message) implements RunEvent {}

  /**
   * The video is complete.
   *
   * @param frames of it
   */
  record Finished(int frames) implements RunEvent {}

  /** The run ended before its video was complete: it failed or was cancelled. */
  record Failed(Throwable cause) implements RunEvent {}
}
