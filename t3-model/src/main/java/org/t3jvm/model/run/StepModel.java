package org.t3jvm.model.run;

import java.util.Map;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.MemoryPlan;

/** Gives the velocities of the steps of one run, one after the other. */
interface StepModel extends AutoCloseable {
  /** The DiT of a step, which is compiled; the one before gives its memory back first. */
  DitExpert prepare(int step);

  /** What the largest pass of a step needs in memory. */
  MemoryPlan memoryPlan(int step);

  /**
   * Fills the velocities of a step.
   *
   * @param step the one after the last, or after those that {@link #restore} stands for
   * @param latents F32 [C, T, h, w] that the model gets
   * @return true if they were not computed but made of earlier ones
   */
  boolean fill(int step, Tensor latents, CachedModel.Sides velocities, RunProgress progress);

  /** What the next steps need of those done, by name; tensors are the model's own. */
  Map<String, Tensor> state();

  /**
   * Continues before {@code step} from the state that another model of the same run had.
   *
   * @throws IllegalArgumentException if it is none of a model of this kind
   */
  void restore(int step, Map<String, Tensor> state);

  @Override
  void close();
}
