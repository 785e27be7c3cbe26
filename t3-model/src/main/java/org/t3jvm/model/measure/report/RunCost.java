package org.t3jvm.model.measure.report;

import org.jspecify.annotations.Nullable;

/**
 * What a video took.
 *
 * @param seconds from the first step to the last frame; null if that was in several runs
 * @param operations floating-point, as planned
 * @param memory bytes of the process at its peak beside the weights, as planned
 */
public record RunCost(@Nullable Double seconds, double operations, long memory) {
  /** The same with the time that it took. */
  public RunCost within(@Nullable Double time) {
    return new RunCost(time, operations, memory);
  }
}
