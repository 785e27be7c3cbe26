package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.graph.Value;

/** Rows of an F32 value [..., K], all leading axes flattened. */
record LinearRows(Value x, long rows, int depth) implements RowSource {
  static LinearRows of(Value x) {
    int depth = x.shape().intDim(-1);
    return new LinearRows(x, x.shape().outer(x.shape().rank() - 1), depth);
  }

  @Override
  public int pack(
      Frame frame, long firstRow, int count, int from, int elements, float[] target, int at) {
    MemorySegment segment = frame.segment(x);
    for (int i = 0; i < count; i++) {
      FloatCopies.load(
          segment, (firstRow + i) * depth + from, elements, target, at + i * Tile.DEPTH);
    }
    return at;
  }
}
