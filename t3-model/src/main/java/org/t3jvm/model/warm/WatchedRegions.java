package org.t3jvm.model.warm;

import java.util.List;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Value;

/** A listener that also ends a run between two regions if its weights are being changed. */
record WatchedRegions(WeightWatch watch, RegionListener listener) implements RegionListener {
  @Override
  public void finished(Region region) {
    watch.check();
    listener.finished(region);
  }

  @Override
  public void started(List<Value> values) {
    listener.started(values);
  }

  @Override
  public void computed(List<Value> values) {
    listener.computed(values);
  }
}
