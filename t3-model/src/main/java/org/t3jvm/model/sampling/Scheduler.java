package org.t3jvm.model.sampling;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/**
 * A solver of the flow ODE: a falling row of noise levels (sigmas) and the rule that moves the
 * latents from one to the next. A solver that looks back at earlier steps keeps what it needs, so
 * an instance serves one video, step 0 first; {@link #state} and {@link #restore} carry what it
 * keeps to another instance.
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
   * @throws IllegalStateException if the solver looks back and {@code step} is not the one after
   *     the last
   */
  void step(int step, Tensor velocity, Tensor latents);

  /**
   * What steps to come need of those done, beside the latents: F32 tensors of the latents' shape by
   * name, none for a solver that does not look back. They are the solver's own and change with its
   * next step.
   */
  default Map<String, Tensor> state() {
    return Map.of();
  }

  /**
   * Continues from the state that another instance of the same schedule had before {@code step}.
   *
   * @throws IllegalArgumentException if there is no such step, or the state is not that of a solver
   *     of this kind before it
   */
  default void restore(int step, Map<String, Tensor> state) {
    History.requireNames(step, steps(), state, Map.of());
  }

  /**
   * F32 of the arguments' shape: a clean sample at the noise level of {@code step}, {@code (1 -
   * sigma) * sample + sigma * noise}.
   *
   * @throws IllegalArgumentException if the two differ in shape or one is not F32
   */
  default Tensor addNoise(int step, Tensor sample, Tensor noise) {
    History.requireAlike("add noise", "sample", sample, "noise", noise);
    float sigma = sigma(step);
    float keep = 1 - sigma;
    Tensor noised = Tensor.allocate(DType.F32, sample.shape());
    MemorySegment s = sample.segment();
    MemorySegment n = noise.segment();
    MemorySegment out = noised.segment();
    for (long at = 0; at < out.byteSize(); at += Float.BYTES) {
      out.set(History.F32, at, keep * s.get(History.F32, at) + sigma * n.get(History.F32, at));
    }
    return noised;
  }
}
