package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Value;

/** What follows on sums. */
public final class Sums {
  private Sums() {}

  /**
   * Adds elements of a bias from {@code column} on to {@code count} sums of {@code out} from
   * element {@code at} on.
   */
  public static void addBias(
      Frame frame, @Nullable Value bias, int column, Value out, long at, int count) {
    if (bias == null) {
      return;
    }
    MemorySegment added = frame.segment(bias);
    MemorySegment sums = frame.segment(out);
    int i = 0;
    for (; i + Lanes.COUNT <= count; i += Lanes.COUNT) {
      Lanes.store(Lanes.load(sums, at + i).add(Lanes.load(added, column + i)), sums, at + i);
    }
    for (; i < count; i++) {
      Lanes.set(sums, at + i, Lanes.get(sums, at + i) + Lanes.get(added, column + i));
    }
  }
}
