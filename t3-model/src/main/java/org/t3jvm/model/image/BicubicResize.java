package org.t3jvm.model.image;

/**
 * Resizing as PIL's default does it, byte for byte (SPEC 13): bicubic with a = -0.5, widened when
 * shrinking.
 */
public final class BicubicResize {
  private static final double A = -0.5;
  private static final double SUPPORT = 2;
  private static final FixedPointResize.Filter FILTER =
      new FixedPointResize.Filter(SUPPORT, BicubicResize::kernel);

  private BicubicResize() {}

  /** {@code image} at {@code height} x {@code width}, whatever its aspect ratio. */
  public static RgbImage resize(RgbImage image, int height, int width) {
    return FixedPointResize.resize(image, height, width, FILTER);
  }

  private static double kernel(double x) {
    double d = Math.abs(x);
    if (d < 1) {
      return ((A + 2) * d - (A + 3)) * d * d + 1;
    }
    return d < SUPPORT ? (((d - 5) * d + 8) * d - 4) * A : 0;
  }
}
