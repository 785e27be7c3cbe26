package org.t3jvm.model.measure;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.t3jvm.model.image.RgbImage;

/**
 * One channel of a picture [height, width], row-major; luminance in grey levels from 0 to 255
 * unless something else is said.
 *
 * @param values not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Plane(int height, int width, float[] values) {
  public Plane {
    if (height < 1 || width < 1 || values.length != (long) height * width) {
      throw new IllegalArgumentException(
          "%d values are no plane of %dx%d pixels".formatted(values.length, width, height));
    }
  }

  /** A plane of zeros. */
  static Plane zeros(int height, int width) {
    return new Plane(height, width, new float[Math.multiplyExact(height, width)]);
  }

  /** picture [height, width, 3] to its luminance, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). */
  public static Plane luminance(RgbImage picture) {
    byte[] rgb = picture.rgb();
    Plane plane = zeros(picture.height(), picture.width());
    for (int i = 0; i < plane.values.length; i++) {
      plane.values[i] =
          0.299f * (rgb[3 * i] & 0xFF)
              + 0.587f * (rgb[3 * i + 1] & 0xFF)
              + 0.114f * (rgb[3 * i + 2] & 0xFF);
    }
    return plane;
  }

  /** The value at a pixel of the plane. */
  float at(int y, int x) {
    return values[y * width + x];
  }

  /** The value at a pixel, where pixels beyond the border have the value of the nearest inside. */
  float clamped(int y, int x) {
    return at(Math.clamp(y, 0, height - 1), Math.clamp(x, 0, width - 1));
  }

  /** The bilinear value at a position, clamped to the plane. */
  float bilinear(float y, float x) {
    float inY = Math.clamp(y, 0f, height - 1f);
    float inX = Math.clamp(x, 0f, width - 1f);
    int top = (int) inY;
    int left = (int) inX;
    int bottom = Math.min(top + 1, height - 1);
    int right = Math.min(left + 1, width - 1);
    float b = inX - left;
    float upper = at(top, left) + b * (at(top, right) - at(top, left));
    float lower = at(bottom, left) + b * (at(bottom, right) - at(bottom, left));
    return upper + (inY - top) * (lower - upper);
  }

  /** Whether another plane has as many rows and columns. */
  boolean isLike(Plane other) {
    return height == other.height && width == other.width;
  }

  /**
   * Fails unless another plane has as many rows and columns.
   *
   * @throws IllegalArgumentException naming both sizes
   */
  void requireLike(Plane other) {
    if (!isLike(other)) {
      throw new IllegalArgumentException(
          "planes of %dx%d and %dx%d pixels cannot be compared"
              .formatted(width, height, other.width, other.height));
    }
  }

  /** The sum over rows of what {@code ofRow} gives. */
  static double sumOfRows(int from, int to, IntToDoubleFunction ofRow) {
    return IntStream.range(from, to).mapToDouble(ofRow).reduce(0, Double::sum);
  }
}
