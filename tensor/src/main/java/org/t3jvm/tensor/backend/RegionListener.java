package org.t3jvm.tensor.backend;

import org.t3jvm.tensor.graph.Region;

/** Hears of the progress of a run. */
@FunctionalInterface
public interface RegionListener {
  /** Hears nothing. */
  RegionListener NONE = region -> {};

  /** Called after the last op of a region, on the thread that called run. */
  void finished(Region region);
}
