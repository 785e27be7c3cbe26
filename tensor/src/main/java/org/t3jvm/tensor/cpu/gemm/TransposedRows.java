package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Value;

/** The columns of an F32 value [..., N], all leading axes flattened, as rows. */
record TransposedRows(Value x, long rows, int depth) implements RowSource {
  /** Elements of a row that are written together. */
  private static final int GROUP = 8;

  /** The columns of a value. */
  static TransposedRows of(Value x) {
    int depth = Math.toIntExact(x.shape().outer(x.shape().rank() - 1));
    return new TransposedRows(x, x.shape().dim(-1), depth);
  }

  @Override
  public int pack(
      Frame frame, long firstRow, int count, int from, int elements, float[] target, int at) {
    MemorySegment segment = frame.segment(x);
    int k = 0;
    for (; k + GROUP <= elements; k += GROUP) {
      long start = (from + k) * rows + firstRow;
      for (int row = 0; row < count; row++) {
        int to = at + row * Tile.DEPTH + k;
        target[to] = Lanes.get(segment, start + row);
        target[to + 1] = Lanes.get(segment, start + rows + row);
        target[to + 2] = Lanes.get(segment, start + 2 * rows + row);
        target[to + 3] = Lanes.get(segment, start + 3 * rows + row);
        target[to + 4] = Lanes.get(segment, start + 4 * rows + row);
        target[to + 5] = Lanes.get(segment, start + 5 * rows + row);
        target[to + 6] = Lanes.get(segment, start + 6 * rows + row);
        target[to + 7] = Lanes.get(segment, start + 7 * rows + row);
      }
    }
    for (; k < elements; k++) {
      for (int row = 0; row < count; row++) {
        target[at + row * Tile.DEPTH + k] = Lanes.get(segment, (from + k) * rows + firstRow + row);
      }
    }
    return at;
  }
}
