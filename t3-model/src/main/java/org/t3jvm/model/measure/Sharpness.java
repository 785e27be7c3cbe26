package org.t3jvm.model.measure;

/**
 * Sharpness of a frame: the variance of the Laplacian of luminance, in grey levels squared (J. L.
 * Pech-Pacheco et al.: Diatom autofocusing in brightfield microscopy, ICPR 2000), with the kernel
 * [0 1 0; 1 -4 1; 0 1 0] and borders repeated. Noise raises it as detail does.
 */
public final class Sharpness {
  private Sharpness() {}

  /** plane [H, W]: the variance of its Laplacian. */
  public static double of(Plane plane) {
    double sum = 0;
    double squares = 0;
    for (int y = 0; y < plane.height(); y++) {
      for (int x = 0; x < plane.width(); x++) {
        double laplacian =
            plane.clamped(y - 1, x)
                + plane.clamped(y + 1, x)
                + plane.clamped(y, x - 1)
                + plane.clamped(y, x + 1)
                - 4 * plane.at(y, x);
        sum += laplacian;
        squares += laplacian * laplacian;
      }
    }
    double count = plane.values().length;
    double mean = sum / count;
    return Math.max(0, squares / count - mean * mean);
  }
}
