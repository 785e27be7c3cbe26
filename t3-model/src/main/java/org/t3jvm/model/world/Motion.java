package org.t3jvm.model.world;

import java.util.List;

/** What objects do. */
public enum Motion {
  RIGHT(
      "rolls to the right",
      "moves to the right",
      "rolls right",
      "rolls from left to right",
      "is rolling right"),
  LEFT(
      "rolls to the left",
      "moves to the left",
      "rolls left",
      "rolls from right to left",
      "is rolling left"),
  FALLS("falls", "falls down", "drops down", "is falling"),
  RISES("rises", "rises up", "flies up", "goes up", "is rising"),
  BOUNCES("bounces", "bounces up and down", "jumps up and down", "is bouncing"),
  SPINS("spins", "spins around", "turns around", "is spinning"),
  GROWS("grows", "gets bigger", "is growing", "becomes big"),
  STAYS("stays still", "stands still", "does not move", "is still");

  private final String verbs;

  Motion(String... verbs) {
    this.verbs = String.join("|", verbs);
  }

  /** What captions call it. */
  List<String> verbs() {
    return List.of(verbs.split("\\|", -1));
  }

  /** True for those that go to one side. */
  boolean sideways() {
    return this == RIGHT || this == LEFT;
  }

  /** True for those that go up or down. */
  boolean vertical() {
    return this == FALLS || this == RISES || this == BOUNCES;
  }
}
