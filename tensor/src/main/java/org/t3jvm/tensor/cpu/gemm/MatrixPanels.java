package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.graph.Value;

/** The columns of a matrix [K, N] of F32, BF16 or F16, widened: its rows are panel rows already. */
record MatrixPanels(Value matrix) implements Panels {
  @Override
  public int columns() {
    return matrix.shape().intDim(1);
  }

  @Override
  public int depth() {
    return matrix.shape().intDim(0);
  }

  @Override
  public void pack(Frame frame, int panel, int from, int count, float[] x, int at, int buffer) {
    MemorySegment segment = frame.segment(matrix);
    int first = panel * Tile.COLUMNS;
    int width = Math.min(Tile.COLUMNS, columns() - first);
    for (int i = 0; i < count; i++) {
      long start = (long) (from + i) * columns() + first;
      int to = at + i * Tile.COLUMNS;
      FloatCopies.widen(matrix.dtype(), segment, start, width, x, to);
      Arrays.fill(x, to + width, to + Tile.COLUMNS, 0);
    }
  }
}
