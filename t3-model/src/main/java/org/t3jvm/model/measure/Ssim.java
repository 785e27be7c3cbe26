package org.t3jvm.model.measure;

/**
 * Structural similarity of luminance against a reference, from -1 to 1 (Z. Wang, A. C. Bovik, H. R.
 * Sheikh, E. P. Simoncelli: Image quality assessment, IEEE Transactions on Image Processing 13(4),
 * 2004): a Gaussian window of 11x11 pixels with sigma 1.5, K1 = 0.01, K2 = 0.03, L = 255, the mean
 * over the pixels whose window lies within the frame (all pixels of a frame smaller than a window).
 */
public final class Ssim {
  private static final int RADIUS = 5;
  private static final float[] WINDOW = Smoothing.gaussian(RADIUS, 1.5);
  private static final double C1 = (0.01 * 255) * (0.01 * 255);
  private static final double C2 = (0.03 * 255) * (0.03 * 255);

  private Ssim() {}

  /**
   * picture, reference [H, W]: their mean similarity.
   *
   * @param threads that share the work; the result does not depend on them
   * @throws IllegalArgumentException if the sizes differ
   */
  public static double of(Plane picture, Plane reference, int threads) {
    picture.requireLike(reference);
    float[] meanA = Smoothing.smooth(picture, WINDOW, threads).values();
    float[] meanB = Smoothing.smooth(reference, WINDOW, threads).values();
    float[] squareA = smoothProduct(picture, picture, threads);
    float[] squareB = smoothProduct(reference, reference, threads);
    float[] product = smoothProduct(picture, reference, threads);
    int width = picture.width();
    int y0 = picture.height() > 2 * RADIUS ? RADIUS : 0;
    int x0 = width > 2 * RADIUS ? RADIUS : 0;
    int rows = picture.height() - 2 * y0;
    int columns = width - 2 * x0;
    double sum =
        Plane.sumOfRows(
            y0,
            y0 + rows,
            y -> {
              double row = 0;
              for (int i = y * width + x0; i < y * width + x0 + columns; i++) {
                double a = meanA[i];
                double b = meanB[i];
                double varianceA = squareA[i] - a * a;
                double varianceB = squareB[i] - b * b;
                double covariance = product[i] - a * b;
                row +=
                    (2 * a * b + C1)
                        * (2 * covariance + C2)
                        / ((a * a + b * b + C1) * (varianceA + varianceB + C2));
              }
              return row;
            });
    return sum / ((double) rows * columns);
  }

  private static float[] smoothProduct(Plane a, Plane b, int threads) {
    Plane product = Plane.zeros(a.height(), a.width());
    for (int i = 0; i < product.values().length; i++) {
      product.values()[i] = a.values()[i] * b.values()[i];
    }
    return Smoothing.smooth(product, WINDOW, threads).values();
  }
}
