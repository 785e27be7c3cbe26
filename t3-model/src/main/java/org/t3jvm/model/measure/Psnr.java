package org.t3jvm.model.measure;

import org.t3jvm.model.image.RgbImage;

/**
 * Peak signal-to-noise ratio against a reference, in decibels: {@code 10 log10(255^2 / MSE)}, where
 * MSE is the mean square difference over pixels and colours. A video's is of the mean MSE of its
 * frames. Identical frames have an infinite one.
 */
public final class Psnr {
  private static final double PEAK = 255;

  private Psnr() {}

  /**
   * picture, reference [height, width, 3]: the mean square difference, in grey levels squared.
   *
   * @throws IllegalArgumentException if the sizes differ
   */
  public static double meanSquareError(RgbImage picture, RgbImage reference) {
    byte[] a = picture.rgb();
    byte[] b = reference.rgb();
    if (picture.width() != reference.width() || a.length != b.length) {
      throw new IllegalArgumentException(
          "frames of %dx%d and %dx%d pixels cannot be compared"
              .formatted(picture.width(), picture.height(), reference.width(), reference.height()));
    }
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      long difference = (a[i] & 0xFFL) - (b[i] & 0xFFL);
      sum += difference * difference;
    }
    return (double) sum / a.length;
  }

  /** The mean square error in grey levels squared that has these decibels. */
  static double meanSquareError(double decibels) {
    return PEAK * PEAK * Math.pow(10, -decibels / 10);
  }

  /** Decibels of a mean square error in grey levels squared. */
  public static double decibels(double meanSquareError) {
    return 10 * Math.log10(PEAK * PEAK / meanSquareError);
  }
}
