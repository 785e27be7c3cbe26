package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * One head's bias [Nq or 1, Nk], added to the scores [keys, queries] of a block in powers of 2.
 *
 * @param start element of the head's first bias
 * @param shared whether all queries share one row
 * @param keys elements of a row
 */
record ScoreBias(MemorySegment segment, long start, boolean shared, long keys) {
  private static final float LOG2_E = 1.4426950408889634f;

  static @Nullable ScoreBias of(Op.Attention op, Frame frame, int head) {
    Value bias = op.bias();
    if (bias == null) {
      return null;
    }
    Shape shape = bias.shape();
    long start = shape.dim(0) == 1 ? 0 : head * shape.inner(0);
    return new ScoreBias(frame.segment(bias), start, shape.dim(1) == 1, shape.dim(2));
  }

  /** What is added to one score, in powers of e. */
  float of(long query, long key) {
    return Lanes.get(segment, start + (shared ? 0 : query * keys) + key);
  }

  void add(int firstQuery, int queries, int firstKey, int count, float[] x, Blocks blocks) {
    for (int key = 0; key < count; key++) {
      if (shared) {
        addToAll(Lanes.get(segment, start + firstKey + key) * LOG2_E, key, x, blocks);
        continue;
      }
      for (int i = 0; i < queries; i++) {
        long at = start + (firstQuery + i) * keys + firstKey + key;
        int panel = blocks.s() + i / Tile.COLUMNS * Blocks.KEYS * Tile.COLUMNS;
        x[panel + key * Tile.COLUMNS + i % Tile.COLUMNS] += Lanes.get(segment, at) * LOG2_E;
      }
    }
  }

  private static void addToAll(float bias, int key, float[] x, Blocks blocks) {
    for (int panel = 0; panel < blocks.queryPanels(); panel++) {
      int s = blocks.s() + (panel * Blocks.KEYS + key) * Tile.COLUMNS;
      FloatVector.fromArray(Lanes.F, x, s).add(bias).intoArray(x, s);
      FloatVector.fromArray(Lanes.F, x, s + Lanes.COUNT).add(bias).intoArray(x, s + Lanes.COUNT);
    }
  }
}
