package org.t3jvm.model.image;

/**
 * Resizing as PIL does it with {@code BILINEAR}: a triangle, widened when shrinking. Upstream
 * prepares training data with it.
 */
public final class BilinearResize {
  private static final FixedPointResize.Filter FILTER =
      new FixedPointResize.Filter(1, x -> Math.max(0, 1 - Math.abs(x)));

  private BilinearResize() {}

  /** {@code image} at {@code height} x {@code width}, whatever its aspect ratio. */
  public static RgbImage resize(RgbImage image, int height, int width) {
    return FixedPointResize.resize(image, height, width, FILTER);
  }
}
