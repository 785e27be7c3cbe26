package org.t3jvm.tensor.backend;

import java.util.List;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Value;

/** Hears of the progress of a run. All calls are made on the thread that called run. */
@FunctionalInterface
public interface RegionListener {
  /** Hears nothing. */
  RegionListener NONE = region -> {};

  /** Called after the last op of a region. */
  void finished(Region region);

  /**
   * Called before a backend computes some values together, for profiles.
   *
   * @param values in the graph's order; several where ops are fused
   */
  default void started(List<Value> values) {}

  /** Called after the values that were {@link #started} last are there, or on their way. */
  default void computed(List<Value> values) {}

  /** Whether it takes the time between the two, so that a backend waits for what it started. */
  default boolean takesTimes() {
    return false;
  }
}
