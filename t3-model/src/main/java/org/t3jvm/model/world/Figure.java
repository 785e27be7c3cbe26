package org.t3jvm.model.world;

import java.util.List;

/**
 * The shapes of objects: signed distances in radii, negative inside, around the origin and with y
 * downwards.
 */
public enum Figure {
  BALL(1, "ball ball ball ball sphere") {
    @Override
    double distance(double x, double y) {
      return Math.sqrt(x * x + y * y) - 1;
    }
  },
  SQUARE(1.12, "square square box cube") {
    @Override
    double distance(double x, double y) {
      return Polygon.SQUARE.distance(x, y);
    }
  },
  TRIANGLE(1.22, "triangle triangle triangle pyramid") {
    @Override
    double distance(double x, double y) {
      return Polygon.TRIANGLE.distance(x, y);
    }
  },
  STAR(1.22, "star") {
    @Override
    double distance(double x, double y) {
      return Polygon.STAR.distance(x, y);
    }
  },
  RING(1.08, "ring ring hoop donut") {
    @Override
    double distance(double x, double y) {
      return Math.abs(Math.sqrt(x * x + y * y) - 0.78) - 0.3;
    }
  };

  private final double reach;
  private final String nouns;

  Figure(double reach, String nouns) {
    this.reach = reach;
    this.nouns = nouns;
  }

  /** Distance of the point x, y to the outline. */
  abstract double distance(double x, double y);

  /** Distance of its farthest point from the origin. */
  double reach() {
    return reach;
  }

  /** What captions call it; words that are repeated are chosen more often. */
  List<String> nouns() {
    return List.of(nouns.split(" ", -1));
  }

  /** True if it looks the same at every angle at which it may start. */
  boolean round() {
    return this == BALL || this == RING;
  }
}
