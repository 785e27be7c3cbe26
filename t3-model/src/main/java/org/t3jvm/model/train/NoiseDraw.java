package org.t3jvm.model.train;

import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.tensor.random.TorchRandom;

/** Draws how much noise an example is trained at. */
@FunctionalInterface
public interface NoiseDraw {
  /** Timesteps of upstream's training schedule. */
  int TIMESTEPS = 1000;

  /**
   * A share of noise.
   *
   * @param sigma the share, 0 to 1
   * @param timestep that the model is given, 0 to 1000
   * @param weight of the loss
   */
  record Level(float sigma, float timestep, float weight) {}

  /**
   * Draws one.
   *
   * @param index of the example in its step, from 0
   * @param batch examples of the step
   */
  Level of(int index, int batch, TorchRandom random);

  /**
   * One of 1000 timesteps, evenly (SPEC 21.2).
   *
   * @param weighted whether the loss takes the timestep's weight (SPEC 9)
   */
  static NoiseDraw table(float shift, boolean weighted) {
    FlowMatchScheduler schedule = new FlowMatchScheduler(TIMESTEPS, shift);
    float[] weights = schedule.trainingWeights();
    return (index, batch, random) -> {
      int at = (int) (random.nextWord() % TIMESTEPS);
      return new Level(schedule.sigma(at), schedule.timestep(at), weighted ? weights[at] : 1);
    };
  }

  /** Any share u, of which each example of a step has its own part; then {@code s u/(1+(s-1)u)}. */
  static NoiseDraw stratified(float shift) {
    return (index, batch, random) -> {
      double even = (index + random.nextWord() * 0x1p-32) / batch;
      float sigma = (float) (shift * even / (1 + (shift - 1) * even));
      return new Level(sigma, sigma * TIMESTEPS, 1);
    };
  }
}
