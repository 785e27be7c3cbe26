package org.t3jvm.tensor.graph;

/** How many windows a T3 layer has along each axis of its token grid (SPEC 5). */
public record WindowCounts(int t, int h, int w) {
  public WindowCounts {
    if (t < 1 || h < 1 || w < 1) {
      throw new IllegalArgumentException(
          "window counts %d,%d,%d: every count must be at least 1".formatted(t, h, w));
    }
  }

  /** True if every axis of {@code grid} divides into its count of windows. */
  public boolean divides(TokenGrid grid) {
    return grid.t() % t == 0 && grid.h() % h == 0 && grid.w() % w == 0;
  }

  /** True if no window over {@code grid} is empty. */
  public boolean fit(TokenGrid grid) {
    return t <= grid.t() && h <= grid.h() && w <= grid.w();
  }

  /** Number of windows in all. */
  public int windows() {
    return t * h * w;
  }

  /** As {@code 3,17,8}. */
  @Override
  public String toString() {
    return t + "," + h + "," + w;
  }
}
