package org.t3jvm.model.world;

/** How large objects are. */
public enum Size {
  SMALL(0.15, "small"),
  MEDIUM(0.2, ""),
  BIG(0.26, "big");

  private final double radius;
  private final String word;

  Size(double radius, String word) {
    this.radius = radius;
    this.word = word;
  }

  /** Usual radius, in frame heights. */
  double radius() {
    return radius;
  }

  /** What captions call it beside others, or nothing. */
  String word() {
    return word;
  }
}
