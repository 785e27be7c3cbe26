package org.t3jvm.model.sampling;

/**
 * {@code torch.linspace} in float32, bit for bit (SPEC 9). Its CPU kernel counts from the nearer
 * end, 16 points at a time while that many are left, and a point of such a group is rounded twice
 * where a point outside of one is rounded once.
 */
final class TorchLinspace {
  private static final int LANES = 8;

  private TorchLinspace() {}

  /** {@code count} points from {@code from} to {@code to}, both included. */
  static float[] of(float from, float to, int count) {
    float[] points = new float[count];
    if (count == 1) {
      points[0] = from;
      return points;
    }
    float step = (to - from) / (count - 1);
    int i = 0;
    for (; count - i >= 2 * LANES; i += 2 * LANES) {
      fillLanes(points, i, step, from, to);
      fillLanes(points, i + LANES, step, from, to);
    }
    for (; i < count; i++) {
      points[i] = point(i, count, step, from, to);
    }
    return points;
  }

  private static void fillLanes(float[] points, int start, float step, float from, float to) {
    float base = point(start, points.length, step, from, to);
    for (int k = 0; k < LANES; k++) {
      points[start + k] = base + step * k;
    }
  }

  private static float point(int i, int count, float step, float from, float to) {
    return i < count / 2 ? Math.fma(step, i, from) : Math.fma(-step, count - i - 1, to);
  }
}
