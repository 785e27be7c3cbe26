package org.t3jvm.model.measure;

import org.t3jvm.tensor.Tasks;

/** Separable Gaussian smoothing. */
final class Smoothing {
  private Smoothing() {}

  /** The 2 r + 1 weights of a Gaussian, whose sum is 1. */
  static float[] gaussian(int radius, double sigma) {
    double[] weights = new double[2 * radius + 1];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(-(i - radius) * (double) (i - radius) / (2 * sigma * sigma));
      sum += weights[i];
    }
    float[] normalised = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      normalised[i] = (float) (weights[i] / sum);
    }
    return normalised;
  }

  /**
   * plane [H, W] to [H, W], smoothed along both axes; pixels beyond the border repeat it. No value
   * depends on the number of threads.
   */
  static Plane smooth(Plane plane, float[] weights, int threads) {
    int height = plane.height();
    int width = plane.width();
    int radius = weights.length / 2;
    Plane along = Plane.zeros(height, width);
    Tasks.run(
        threads,
        height,
        y -> {
          for (int x = 0; x < width; x++) {
            float sum = 0;
            if (x >= radius && x < width - radius) {
              int start = y * width + x - radius;
              for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * plane.values()[start + i];
              }
            } else {
              for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * plane.clamped(y, x + i - radius);
              }
            }
            along.values()[y * width + x] = sum;
          }
        });
    Plane smooth = Plane.zeros(height, width);
    Tasks.run(
        threads,
        height,
        y -> {
          for (int i = 0; i < weights.length; i++) {
            int row = Math.clamp(y + i - radius, 0, height - 1) * width;
            for (int x = 0; x < width; x++) {
              smooth.values()[y * width + x] += weights[i] * along.values()[row + x];
            }
          }
        });
    return smooth;
  }
}
