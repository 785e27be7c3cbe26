package org.t3jvm.model.measure;

import java.util.Random;
import org.t3jvm.model.image.RgbImage;

/** Frames whose measures are known. */
final class Clips {
  private Clips() {}

  interface Level {
    double at(double y, double x);
  }

  static Plane plane(int height, int width, Level level) {
    Plane plane = Plane.zeros(height, width);
    for (int i = 0; i < plane.values().length; i++) {
      plane.values()[i] = (float) level.at(Math.floorDiv(i, width), i % width);
    }
    return plane;
  }

  /** A grey picture, levels rounded. */
  static RgbImage grey(Plane plane) {
    byte[] rgb = new byte[3 * plane.values().length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.round(plane.values()[i / 3]);
    }
    return new RgbImage(plane.height(), plane.width(), rgb);
  }

  /** Waves of many directions and lengths, that have texture everywhere and no period. */
  static Level waves(long seed) {
    Random random = new Random(seed);
    double[][] waves = new double[24][];
    for (int i = 0; i < waves.length; i++) {
      double frequency = 0.15 + 0.5 * random.nextDouble();
      double angle = 2 * Math.PI * random.nextDouble();
      waves[i] =
          new double[] {
            frequency * Math.sin(angle),
            frequency * Math.cos(angle),
            2 * Math.PI * random.nextDouble()
          };
    }
    return (y, x) -> {
      double sum = 128;
      for (double[] wave : waves) {
        sum += 10 * Math.sin(wave[0] * y + wave[1] * x + wave[2]);
      }
      return sum;
    };
  }

  static Level shifted(Level level, double down, double right) {
    return (y, x) -> level.at(y - down, x - right);
  }

  /** White noise of a standard deviation around 128. */
  static Level noise(long seed, double sigma) {
    Random random = new Random(seed);
    return (y, x) -> 128 + sigma * random.nextGaussian();
  }
}
