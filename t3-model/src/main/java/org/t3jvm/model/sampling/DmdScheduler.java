package org.t3jvm.model.sampling;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * The sampling of models distilled by distribution matching (DMD), as FastWan's: every step
 * predicts the clean sample and noises it anew for the next level, {@code x = (1 - sigma') * (x -
 * sigma * v) + sigma' * noise}. Three steps from pure noise are those that FastWan was trained for,
 * at timesteps 1000, 757 and 522; any other number of them are spaced as {@link
 * FlowMatchScheduler}'s.
 *
 * <p>The noise continues the stream that the first latents were drawn from, so that it depends on
 * the seed and the step alone.
 */
public final class DmdScheduler implements Scheduler {
  private static final int TRAIN_STEPS = 1000;
  private static final float[] FASTWAN = {1000, 757, 522};

  private final float[] timesteps;
  private final float[] sigmas;
  private final TorchRandom random;
  private int drawn;

  /**
   * A schedule that starts at the unshifted time {@code denoisingStrength}.
   *
   * @param steps at least 1
   * @param shift above 0; FastWan of Wan2.1 uses 8, of Wan2.2 5
   * @param denoisingStrength in (0, 1]
   * @param seed of the noise, the same as of the latents to start from
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DmdScheduler(int steps, float shift, float denoisingStrength, long seed) {
    FlowMatchScheduler spaced = new FlowMatchScheduler(steps, shift, denoisingStrength);
    boolean trained = steps == FASTWAN.length && denoisingStrength == 1;
    timesteps = new float[steps];
    sigmas = new float[steps];
    FlowMatchScheduler levels = new FlowMatchScheduler(TRAIN_STEPS, shift);
    for (int i = 0; i < steps; i++) {
      timesteps[i] = trained ? FASTWAN[i] : spaced.timestep(i);
      sigmas[i] = trained ? nearest(levels, FASTWAN[i]) : spaced.sigma(i);
    }
    random = new TorchRandom(seed);
  }

  /** Of all levels of training, that of the timestep nearest to {@code timestep}. */
  private static float nearest(FlowMatchScheduler levels, float timestep) {
    int best = 0;
    for (int i = 1; i < TRAIN_STEPS; i++) {
      if (Math.abs(levels.timestep(i) - timestep) < Math.abs(levels.timestep(best) - timestep)) {
        best = i;
      }
    }
    return levels.sigma(best);
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

  /** latents F32, any shape: the clean sample after the last step, else a noised one. */
  @Override
  public void step(int step, Tensor velocity, Tensor latents) {
    History.requireAlike("scheduler step", "velocity", velocity, "latents", latents);
    boolean last = step + 1 == sigmas.length;
    float next = last ? 0 : sigmas[step + 1];
    float[] noise = last ? new float[0] : noise(step, latents);
    float sigma = sigmas[step];
    MemorySegment v = velocity.segment();
    MemorySegment x = latents.segment();
    for (int i = 0; i < latents.shape().elements(); i++) {
      long at = (long) i * Float.BYTES;
      double clean = x.get(History.F32, at) - (double) sigma * v.get(History.F32, at);
      x.set(History.F32, at, last ? (float) clean : (1 - next) * (float) clean + next * noise[i]);
    }
  }

  /** Draw 0 is the latents that the run started from. */
  private float[] noise(int step, Tensor latents) {
    float[] values = new float[Math.toIntExact(latents.shape().elements())];
    if (drawn > step + 1) {
      throw new IllegalStateException(
          "scheduler step %d: the noise of steps up to %d is drawn".formatted(step, drawn - 2));
    }
    while (drawn <= step + 1) {
      random.fillNormal(values);
      drawn++;
    }
    return values;
  }
}
