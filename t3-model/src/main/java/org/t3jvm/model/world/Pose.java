package org.t3jvm.model.world;

/**
 * Where an object is; lengths in frame heights.
 *
 * @param x from the left
 * @param y from the top
 * @param angle clockwise, radians
 */
record Pose(double x, double y, double radius, double angle) {
  /** Elsewhere, at another angle. */
  Pose moved(double right, double down, double to) {
    return new Pose(x + right, y + down, radius, to);
  }
}
