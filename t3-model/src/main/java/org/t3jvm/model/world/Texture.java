package org.t3jvm.model.world;

/** A pattern over the plane; lengths in frame heights. */
@FunctionalInterface
interface Texture {
  /** Its value in [0, 1] at a point. */
  double at(double x, double y);
}
