package org.t3jvm.event;

import java.util.Locale;

/** The stages of a run, in order (SPEC 1). */
public enum Stage {
  TEXT(0.02),
  ENCODE(0.03),
  DENOISE(0.75),
  DECODE(0.2);

  private final double share;

  Stage(double share) {
    this.share = share;
  }

  /**
   * About what part of a video's time the stage takes, from 0 to 1: by {@code t3 plan} for the
   * released models at their own sizes.
   */
  public double share() {
    return share;
  }

  /** About what part of a video's time the stages before this one take. */
  public double shareBefore() {
    double sum = 0;
    for (Stage each : values()) {
      sum += each.compareTo(this) < 0 ? each.share : 0;
    }
    return sum;
  }

  /** The name in messages. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
