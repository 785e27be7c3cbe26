package org.t3jvm.model.sampling;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.Tensor;

/**
 * The Euler flow-match scheduler that T3-Video samples with (SPEC 9): evenly spaced times, bent by
 * {@code shift} so that more steps fall where the noise is high. Sigmas, timesteps and steps equal
 * upstream's float32 values bit for bit.
 */
public final class FlowMatchScheduler implements Scheduler {
  private static final float TRAIN_STEPS = 1000f;

  private final float[] sigmas;
  private final float[] timesteps;

  /** A schedule from pure noise to a clean sample. */
  public FlowMatchScheduler(int steps, float shift) {
    this(steps, shift, 1f);
  }

  /**
   * A schedule that starts at the unshifted time {@code denoisingStrength}.
   *
   * @param steps at least 1
   * @param shift above 0; 1 leaves the times evenly spaced, T3-Video uses 5
   * @param denoisingStrength in (0, 1]; below 1 the start is a noised sample, see {@link #addNoise}
   * @throws IllegalArgumentException if a value is out of its range
   */
  public FlowMatchScheduler(int steps, float shift, float denoisingStrength) {
    Schedule.require(steps, shift, denoisingStrength);
    float[] times = TorchLinspace.of(denoisingStrength, 0f, steps + 1);
    sigmas = new float[steps];
    timesteps = new float[steps];
    for (int i = 0; i < steps; i++) {
      sigmas[i] = shift * times[i] / (1 + (shift - 1) * times[i]);
      timesteps[i] = sigmas[i] * TRAIN_STEPS;
    }
  }

  private FlowMatchScheduler(float[] sigmas, float[] timesteps) {
    this.sigmas = sigmas;
    this.timesteps = timesteps;
  }

  /** The last steps of the whole schedule, from step {@code first} on. */
  static FlowMatchScheduler from(int first, int steps, float shift) {
    FlowMatchScheduler whole = new FlowMatchScheduler(steps, shift);
    return new FlowMatchScheduler(
        Arrays.copyOfRange(whole.sigmas, first, steps),
        Arrays.copyOfRange(whole.timesteps, first, steps));
  }

  @Override
  public int steps() {
    return sigmas.length;
  }

  @Override
  public float sigma(int step) {
    return sigmas[step];
  }

  @Override
  public float timestep(int step) {
    return timesteps[step];
  }

  /** latents F32, any shape: {@code latents += velocity * (sigma(step + 1) - sigma(step))}. */
  @Override
  public void step(int step, Tensor velocity, Tensor latents) {
    History.requireAlike("scheduler step", "velocity", velocity, "latents", latents);
    float next = step + 1 < sigmas.length ? sigmas[step + 1] : 0f;
    float delta = next - sigmas[step];
    MemorySegment v = velocity.segment();
    MemorySegment x = latents.segment();
    for (long at = 0; at < x.byteSize(); at += Float.BYTES) {
      x.set(History.F32, at, x.get(History.F32, at) + v.get(History.F32, at) * delta);
    }
  }

  /**
   * One weight a step for a training loss: a bell over the timesteps, lowered to 0 at its lowest
   * point and scaled to a mean of 1. Meant for the schedule of all 1000 training steps.
   */
  public float[] trainingWeights() {
    int steps = sigmas.length;
    float[] weights = new float[steps];
    float least = Float.POSITIVE_INFINITY;
    for (int i = 0; i < steps; i++) {
      float offset = (timesteps[i] - steps / 2f) / steps;
      weights[i] = (float) Math.exp(-2 * (offset * offset));
      least = Math.min(least, weights[i]);
    }
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      weights[i] -= least;
      sum += weights[i];
    }
    float scale = (float) (steps / sum);
    for (int i = 0; i < steps; i++) {
      weights[i] *= scale;
    }
    return weights;
  }
}
