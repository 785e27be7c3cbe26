package org.t3jvm.model.measure;

import java.util.ArrayList;
import java.util.List;

/** A plane at smaller and smaller sizes. */
final class Pyramid {
  /** 1 4 6 4 1, as in Burt and Adelson's pyramid. */
  private static final float[] BINOMIAL = {1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f};

  private Pyramid() {}

  /**
   * plane [H, W] and its halves, smoothed before every second pixel is taken (P. Burt, E. Adelson:
   * The Laplacian pyramid as a compact image code, 1983), until a side would pass below {@code
   * smallest}; the whole plane first.
   */
  static List<Plane> halves(Plane plane, int smallest, int threads) {
    List<Plane> levels = new ArrayList<>(List.of(plane));
    Plane last = plane;
    while (Math.min(last.height(), last.width()) >= 2 * smallest) {
      Plane smooth = Smoothing.smooth(last, BINOMIAL, threads);
      Plane half = Plane.zeros((last.height() + 1) / 2, (last.width() + 1) / 2);
      for (int y = 0; y < half.height(); y++) {
        for (int x = 0; x < half.width(); x++) {
          half.values()[y * half.width() + x] = smooth.at(2 * y, 2 * x);
        }
      }
      levels.add(half);
      last = half;
    }
    return levels;
  }

  /** plane [H, W] by means of squares of pixels, so that no side is longer than {@code side}. */
  static Plane averaged(Plane plane, int side) {
    int square = Math.ceilDiv(Math.max(plane.height(), plane.width()), side);
    if (square == 1) {
      return plane;
    }
    Plane small =
        Plane.zeros(Math.max(1, plane.height() / square), Math.max(1, plane.width() / square));
    for (int y = 0; y < small.height(); y++) {
      for (int x = 0; x < small.width(); x++) {
        float sum = 0;
        for (int i = 0; i < square * square; i++) {
          sum += plane.clamped(y * square + i / square, x * square + i % square);
        }
        small.values()[y * small.width() + x] = sum / (square * square);
      }
    }
    return small;
  }
}
