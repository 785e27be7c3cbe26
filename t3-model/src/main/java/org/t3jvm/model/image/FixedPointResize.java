package org.t3jvm.model.image;

import java.util.function.DoubleUnaryOperator;

/**
 * Resizing as PIL does it, byte for byte (SPEC 13): a filter that is widened when shrinking;
 * columns first, then rows, each pass in fixed point with a result rounded to uint8.
 */
final class FixedPointResize {
  private static final int FRACTION_BITS = 22;
  private static final int HALF = 1 << (FRACTION_BITS - 1);

  private FixedPointResize() {}

  /** Weights by distance in pixels, 0 from {@code support} on. */
  record Filter(double support, DoubleUnaryOperator kernel) {}

  /** {@code image} at {@code height} x {@code width}, whatever its aspect ratio. */
  static RgbImage resize(RgbImage image, int height, int width, Filter filter) {
    byte[] wide =
        width == image.width()
            ? image.rgb()
            : pass(
                image.rgb(),
                image.height(),
                Axis.of(image.width(), width, filter),
                RgbImage.COLOURS);
    byte[] high =
        height == image.height()
            ? wide
            : pass(wide, 1, Axis.of(image.height(), height, filter), width * RgbImage.COLOURS);
    return new RgbImage(height, width, high);
  }

  /**
   * The inputs that each output along an axis is made of.
   *
   * @param in inputs
   * @param starts of each output, its first input
   * @param weights of each output, its inputs' in fixed point
   */
  private record Axis(int in, int[] starts, int[][] weights) {
    static Axis of(int in, int out, Filter filter) {
      double scale = (double) in / out;
      double stretch = Math.max(scale, 1);
      int[] starts = new int[out];
      int[][] weights = new int[out][];
      for (int i = 0; i < out; i++) {
        double centre = (i + 0.5) * scale;
        int start = Math.max(0, (int) (centre - filter.support * stretch + 0.5));
        int end = Math.min(in, (int) (centre + filter.support * stretch + 0.5));
        starts[i] = start;
        weights[i] = fixed(weights(start, end, centre, stretch, filter));
      }
      return new Axis(in, starts, weights);
    }

    private static double[] weights(
        int start, int end, double centre, double stretch, Filter filter) {
      double[] weights = new double[end - start];
      double sum = 0;
      for (int x = 0; x < weights.length; x++) {
        weights[x] = filter.kernel.applyAsDouble((x + start - centre + 0.5) * (1 / stretch));
        sum += weights[x];
      }
      for (int x = 0; x < weights.length; x++) {
        weights[x] /= sum;
      }
      return weights;
    }

    /** Rounds half away from zero. */
    private static int[] fixed(double[] weights) {
      int[] fixed = new int[weights.length];
      for (int x = 0; x < fixed.length; x++) {
        double scaled = weights[x] * (1 << FRACTION_BITS);
        fixed[x] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
      }
      return fixed;
    }
  }

  /** [outer, in, inner] to [outer, out, inner], uint8. */
  private static byte[] pass(byte[] from, int outer, Axis axis, int inner) {
    int out = axis.starts.length;
    byte[] to = new byte[Math.multiplyExact(Math.multiplyExact(outer, out), inner)];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < out; i++) {
        int[] weights = axis.weights[i];
        int source = (o * axis.in + axis.starts[i]) * inner;
        int target = (o * out + i) * inner;
        for (int c = 0; c < inner; c++) {
          int sum = HALF;
          for (int x = 0; x < weights.length; x++) {
            sum += (from[source + x * inner + c] & 0xFF) * weights[x];
          }
          to[target + c] = (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
        }
      }
    }
    return to;
  }
}
