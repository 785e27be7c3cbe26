package org.t3jvm.model.world;

/** A closed outline of straight lines around the origin, first corner up. */
@SuppressWarnings("ArrayRecordComponent")
record Polygon(double[] x, double[] y) {
  /** The corners of a square, in radii of the object. */
  static final Polygon SQUARE = regular(4, 1.12, Math.PI / 4);

  /** The corners of a triangle. */
  static final Polygon TRIANGLE = regular(3, 1.22, 0);

  /** The corners of a star. */
  static final Polygon STAR = star(5, 1.22, 0.48 * 1.22);

  /** Corners at equal angles on a circle, the first turned clockwise by {@code angle}. */
  private static Polygon regular(int corners, double radius, double angle) {
    double[] x = new double[corners];
    double[] y = new double[corners];
    for (int i = 0; i < corners; i++) {
      double turn = angle + 2 * Math.PI * i / corners;
      x[i] = radius * StrictMath.sin(turn);
      y[i] = -radius * StrictMath.cos(turn);
    }
    return new Polygon(x, y);
  }

  /** A star: its points on the outer circle, the corners between them on the inner. */
  private static Polygon star(int points, double outer, double inner) {
    Polygon circle = regular(2 * points, 1, 0);
    for (int i = 0; i < 2 * points; i++) {
      double radius = i % 2 == 0 ? outer : inner;
      circle.x[i] *= radius;
      circle.y[i] *= radius;
    }
    return circle;
  }

  /** Distance of a point to the outline, negative inside. */
  double distance(double px, double py) {
    double nearest = Double.POSITIVE_INFINITY;
    boolean inside = false;
    for (int i = 0, before = x.length - 1; i < x.length; before = i++) {
      double edgeX = x[before] - x[i];
      double edgeY = y[before] - y[i];
      double fromX = px - x[i];
      double fromY = py - y[i];
      double along = (fromX * edgeX + fromY * edgeY) / (edgeX * edgeX + edgeY * edgeY);
      double t = Math.clamp(along, 0, 1);
      double dx = fromX - edgeX * t;
      double dy = fromY - edgeY * t;
      nearest = Math.min(nearest, dx * dx + dy * dy);
      boolean crosses = (y[i] > py) != (y[before] > py);
      inside ^= crosses && px < x[i] + edgeX * (py - y[i]) / edgeY;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  }
}
