package org.t3jvm.model.sampling;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/**
 * The Euler flow-match scheduler that T3-Video samples with (SPEC 9): evenly spaced times, bent by
 * {@code shift} so that more steps fall where the noise is high. Sigmas, timesteps and steps equal
 * upstream's float32 values bit for bit.
 */
public final class FlowMatchScheduler implements Scheduler {
  private static final float TRAIN_STEPS = 1000f;
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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
    require(steps >= 1, "steps is " + steps + ", must be at least 1");
    require(shift > 0 && Float.isFinite(shift), "shift is " + shift + ", must be a number above 0");
    require(
        denoisingStrength > 0 && denoisingStrength <= 1,
        "denoising strength is " + denoisingStrength + ", must be above 0 and at most 1");
    float[] times = TorchLinspace.of(denoisingStrength, 0f, steps + 1);
    sigmas = new float[steps];
    timesteps = new float[steps];
    for (int i = 0; i < steps; i++) {
      sigmas[i] = shift * times[i] / (1 + (shift - 1) * times[i]);
      timesteps[i] = sigmas[i] * TRAIN_STEPS;
    }
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
    requireAlike("scheduler step", "velocity", velocity, "latents", latents);
    float next = step + 1 < sigmas.length ? sigmas[step + 1] : 0f;
    float delta = next - sigmas[step];
    MemorySegment v = velocity.segment();
    MemorySegment x = latents.segment();
    for (long at = 0; at < x.byteSize(); at += Float.BYTES) {
      x.set(F32, at, x.get(F32, at) + v.get(F32, at) * delta);
    }
  }

  /**
   * F32 of the arguments' shape: a clean sample at the noise level of {@code step}, {@code (1 -
   * sigma) * sample + sigma * noise}.
   *
   * @throws IllegalArgumentException if the two differ in shape or one is not F32
   */
  public Tensor addNoise(int step, Tensor sample, Tensor noise) {
    requireAlike("add noise", "sample", sample, "noise", noise);
    float sigma = sigmas[step];
    float keep = 1 - sigma;
    Tensor noised = Tensor.allocate(DType.F32, sample.shape());
    MemorySegment s = sample.segment();
    MemorySegment n = noise.segment();
    MemorySegment out = noised.segment();
    for (long at = 0; at < out.byteSize(); at += Float.BYTES) {
      out.set(F32, at, keep * s.get(F32, at) + sigma * n.get(F32, at));
    }
    return noised;
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

  private static void requireAlike(
      String what, String firstName, Tensor first, String secondName, Tensor second) {
    require(
        first.dtype() == DType.F32
            && second.dtype() == DType.F32
            && first.shape().equals(second.shape()),
        "%s: %s %s and %s %s must be F32 of one shape"
            .formatted(what, firstName, first, secondName, second));
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
