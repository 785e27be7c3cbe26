package org.t3jvm.model.sampling;

import java.util.Arrays;

/** The noise levels and timesteps of Wan's own solvers (SPEC 10). */
final class Schedule {
  private static final int TRAIN_STEPS = 1000;

  private final float[] sigmas;
  private final int[] timesteps;

  /**
   * Evenly spaced times from {@code start} towards 0, in float64, bent by {@code shift}. The levels
   * are rounded to float32, the timesteps cut to integers before that.
   *
   * @throws IllegalArgumentException if the shift is so large that two levels coincide
   */
  Schedule(int steps, float shift, double start) {
    sigmas = new float[steps + 1];
    timesteps = new int[steps];
    double spacing = -start / steps;
    for (int i = 0; i < steps; i++) {
      double time = i * spacing + start;
      double sigma = shift * time / (1 + (shift - 1.0) * time);
      sigmas[i] = (float) sigma;
      timesteps[i] = (int) (sigma * TRAIN_STEPS);
    }
    for (int i = 0; i < steps; i++) {
      if (!(sigmas[i] > sigmas[i + 1])) {
        throw new IllegalArgumentException(
            "shift is %s: %d steps would share noise levels; choose a shift nearer to 1"
                .formatted(shift, steps));
      }
    }
  }

  private Schedule(float[] sigmas, int[] timesteps) {
    this.sigmas = sigmas;
    this.timesteps = timesteps;
  }

  /** The levels from step {@code first} on, as a schedule of their own. */
  Schedule from(int first) {
    return new Schedule(
        Arrays.copyOfRange(sigmas, first, sigmas.length),
        Arrays.copyOfRange(timesteps, first, timesteps.length));
  }

  int steps() {
    return timesteps.length;
  }

  /** Noise level before step {@code i}; 0 for the end. */
  float sigma(int i) {
    return sigmas[i];
  }

  int timestep(int i) {
    return timesteps[i];
  }

  /** What is left of the sample at level {@code i}. */
  double alpha(int i) {
    return 1 - (double) sigmas[i];
  }

  /** Logarithm of the signal-to-noise ratio, from minus infinity at sigma 1 to infinity at 0. */
  double lambda(int i) {
    return Math.log(alpha(i)) - Math.log(sigmas[i]);
  }

  /** Fails if a value is out of the range that every solver has. */
  static void require(int steps, float shift, float denoisingStrength) {
    require(steps >= 1, "steps is " + steps + ", must be at least 1");
    require(shift > 0 && Float.isFinite(shift), "shift is " + shift + ", must be a number above 0");
    require(
        denoisingStrength > 0 && denoisingStrength <= 1,
        "denoising strength is " + denoisingStrength + ", must be above 0 and at most 1");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
