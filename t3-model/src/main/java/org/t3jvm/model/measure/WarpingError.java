package org.t3jvm.model.measure;

/**
 * Warping error: the mean square difference of a frame and the next one warped to it by optical
 * flow, in grey levels squared, over pixels that are not occluded (W.-S. Lai et al.: Learning blind
 * video temporal consistency, ECCV 2018, section 4.2). Occluded are pixels whose flow leaves the
 * frame, whose flow forward and backward does not cancel, or at whose place flow has a border (M.
 * Ruder, A. Dosovitskiy, T. Brox: Artistic style transfer for videos, GCPR 2016, equations 5 to 7).
 */
public final class WarpingError {
  private WarpingError() {}

  /**
   * before, after [H, W]: the error from the one to the other.
   *
   * @param forward where the pixels of {@code before} lie in {@code after}
   * @param backward where the pixels of {@code after} lie in {@code before}
   * @return NaN if every pixel is occluded
   */
  public static double of(Plane before, Plane after, Flow forward, Flow backward) {
    double seen =
        Plane.sumOfRows(0, before.height(), y -> row(before, after, forward, backward, y, true));
    double sum =
        Plane.sumOfRows(0, before.height(), y -> row(before, after, forward, backward, y, false));
    return seen == 0 ? Double.NaN : sum / seen;
  }

  /** The pixels of a row that are seen in both frames: their number, or their square error. */
  private static double row(
      Plane before, Plane after, Flow forward, Flow backward, int y, boolean count) {
    double sum = 0;
    for (int x = 0; x < before.width(); x++) {
      float down = forward.down().at(y, x);
      float right = forward.right().at(y, x);
      if (isSeen(forward, backward, y, x, down, right)) {
        double difference = before.at(y, x) - after.bilinear(y + down, x + right);
        sum += count ? 1 : difference * difference;
      }
    }
    return sum;
  }

  private static boolean isSeen(
      Flow forward, Flow backward, int y, int x, float down, float right) {
    float toY = y + down;
    float toX = x + right;
    Plane frame = forward.down();
    if (toY < 0 || toY > frame.height() - 1 || toX < 0 || toX > frame.width() - 1) {
      return false;
    }
    double backDown = backward.down().bilinear(toY, toX);
    double backRight = backward.right().bilinear(toY, toX);
    double length = square(down) + square(right);
    double cycle = square(down + backDown) + square(right + backRight);
    return cycle <= 0.01 * (length + square(backDown) + square(backRight)) + 0.5
        && steepness(forward.down(), y, x) + steepness(forward.right(), y, x)
            <= 0.01 * length + 0.002;
  }

  private static double steepness(Plane plane, int y, int x) {
    return (square(plane.clamped(y + 1, x) - plane.clamped(y - 1, x))
            + square(plane.clamped(y, x + 1) - plane.clamped(y, x - 1)))
        / 4;
  }

  private static double square(double value) {
    return value * value;
  }
}
