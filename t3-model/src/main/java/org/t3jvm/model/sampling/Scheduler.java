package org.t3jvm.model.sampling;

import org.t3jvm.tensor.Tensor;

/**
 * A solver of the flow ODE: a falling row of noise levels (sigmas) and the rule that moves the
 * latents from one to the next. A solver that looks back at earlier steps keeps what it needs, so
 * an instance serves one video, step 0 first.
 */
public interface Scheduler {
  /** Number of steps, each asking the model once. */
  int steps();

  /** Noise level before step {@code step}: 1 is pure noise, 0 a clean sample. */
  float sigma(int step);

  /** The time that the model is given at step {@code step}, in [0, 1000]. */
  float timestep(int step);

  /**
   * latents F32, any shape: moved in place from {@code sigma(step)} to the next noise level.
   *
   * @param velocity the model's answer at this step, F32, of the latents' shape
   * @throws IllegalArgumentException if the two differ in shape or one is not F32
   */
  void step(int step, Tensor velocity, Tensor latents);
}
