package org.t3jvm.train;

import static org.t3jvm.job.JobException.require;

import java.util.Locale;

/**
 * The learning rate over the steps of a stage.
 *
 * @param first rate
 * @param last rate, which it falls to; equal to {@code first} if null
 * @param warm steps in which it rises evenly to what it is to be
 * @param shape of its fall
 */
public record RateSchedule(Double first, Double last, Long warm, Shape shape) {
  /** How the rate falls. */
  public enum Shape {
    /** Along half a cosine. */
    COSINE,
    /** Along a line. */
    LINEAR,
    /** Not at all, but a third of it in the first five steps, as ViBe's scripts have it. */
    CONSTANT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Fields that a JSON document leaves out have their defaults. */
  public RateSchedule {
    require(first != null && first > 0, "stages.rate.first", String.valueOf(first), "above 0");
    last = last == null ? first : last;
    warm = warm == null ? Long.valueOf(0) : warm;
    shape = shape == null ? Shape.COSINE : shape;
    require(last >= 0 && last <= first, "stages.rate.last", last, "from 0 to rate.first");
    require(warm >= 0, "stages.rate.warm", warm, "at least 0");
  }

  /** One rate at all steps. */
  public static RateSchedule constant(double rate) {
    return new RateSchedule(rate, rate, 0L, Shape.COSINE);
  }
}
