package org.t3jvm.model.world;

import org.t3jvm.tensor.random.TorchRandom;

/** The patterns of the grounds, each with random phases or places. */
final class Textures {
  /** Width of the frame that {@link #CLOUDS} and {@link #STARS} are meant for. */
  private static final double USUAL_ASPECT = 1.6;

  private static final int CLOUDS = 4;
  private static final int STARS = 9;

  private Textures() {}

  static Texture grass(TorchRandom random) {
    double[] p = phases(random, 3);
    return (x, y) -> {
      double bend = 1.6 * wave(y, 0.55, p[1]);
      return (0.5 + 0.5 * wave(x, 0.22, p[0] + bend)) * (0.75 + 0.25 * wave(y, 0.3, p[2]));
    };
  }

  static Texture sand(TorchRandom random) {
    double[] p = phases(random, 2);
    return (x, y) -> 0.5 + 0.5 * wave(0.9 * y + 0.35 * x, 0.24, p[0] + 0.9 * wave(x, 0.8, p[1]));
  }

  static Texture snow(TorchRandom random) {
    double[] p = phases(random, 2);
    return (x, y) -> 0.5 + 0.25 * wave(x, 0.6, p[0]) + 0.25 * wave(y + 0.3 * x, 0.45, p[1]);
  }

  static Texture water(TorchRandom random) {
    double[] p = phases(random, 2);
    return (x, y) -> {
      double crest = 0.5 + 0.5 * wave(y, 0.2, p[0] + 1.2 * wave(x, 0.5, p[1]));
      return crest * Math.sqrt(crest);
    };
  }

  static Texture clouds(TorchRandom random, double aspect) {
    return spots(random, aspect, CLOUDS, 0.2, 0.07, 0.9);
  }

  static Texture stars(TorchRandom random, double aspect) {
    return spots(random, aspect, STARS, 0.022, 0.022, 1);
  }

  /** The brightest of some Gaussians, {@code count} on a frame of the usual width. */
  private static Texture spots(
      TorchRandom random, double aspect, int count, double width, double height, double peak) {
    int spots = Math.max(1, (int) Math.rint(count * aspect / USUAL_ASPECT));
    double[] xs = new double[spots];
    double[] ys = new double[spots];
    double[] peaks = new double[spots];
    for (int i = 0; i < spots; i++) {
      xs[i] = random.nextUniform() * aspect;
      ys[i] = random.nextUniform();
      peaks[i] = Math.min(1, peak * (0.8 + 0.4 * random.nextUniform()));
    }
    return (x, y) -> {
      double most = 0;
      for (int i = 0; i < spots; i++) {
        double dx = (x - xs[i]) / width;
        double dy = (y - ys[i]) / height;
        double square = dx * dx + dy * dy;
        // Beyond five deviations it is less than a thousandth of a colour's step.
        if (square < 25) {
          most = Math.max(most, peaks[i] * StrictMath.exp(-square / 2));
        }
      }
      return most;
    };
  }

  private static double wave(double x, double period, double phase) {
    return StrictMath.sin(2 * Math.PI * x / period + phase);
  }

  private static double[] phases(TorchRandom random, int count) {
    double[] phases = new double[count];
    for (int i = 0; i < count; i++) {
      phases[i] = 2 * Math.PI * random.nextUniform();
    }
    return phases;
  }
}
