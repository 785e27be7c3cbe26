package org.t3jvm.tensor.cpu.gemm;

import java.util.Arrays;
import org.t3jvm.tensor.cpu.kernel.Frame;

/**
 * Packs columns, widened, into panels as the micro-kernel wants them: [count, {@link
 * Tile#COLUMNS}], zeros beyond the last column.
 */
record PanelPacker(Columns source) implements Panels {
  /** Columns that are transposed together; at every vector width they divide a panel. */
  private static final int GROUP = 8;

  /** Floats from column to column: one cache line more than needed, or all share a few sets. */
  private static final int STRIDE = Tile.DEPTH + 16;

  /** Floats of scratch that {@link #pack} needs beside the panel. */
  static final int BUFFER = GROUP * STRIDE;

  @Override
  public int columns() {
    return source.columns();
  }

  @Override
  public int depth() {
    return source.depth();
  }

  @Override
  public void pack(Frame frame, int panel, int from, int count, float[] x, int at, int buffer) {
    int first = panel * Tile.COLUMNS;
    for (int column = 0; column < Tile.COLUMNS; column += GROUP) {
      for (int i = 0; i < GROUP; i++) {
        int to = buffer + i * STRIDE;
        if (first + column + i < source.columns()) {
          source.read(frame, first + column + i, from, count, x, to);
        } else {
          Arrays.fill(x, to, to + count, 0);
        }
      }
      transpose(x, buffer, count, at + column);
    }
  }

  /** Writes neighbours one after the other, so that each line of the panel is met once a group. */
  private static void transpose(float[] x, int from, int count, int to) {
    for (int k = 0; k < count; k++) {
      int in = from + k;
      int out = to + k * Tile.COLUMNS;
      x[out] = x[in];
      x[out + 1] = x[in + STRIDE];
      x[out + 2] = x[in + 2 * STRIDE];
      x[out + 3] = x[in + 3 * STRIDE];
      x[out + 4] = x[in + 4 * STRIDE];
      x[out + 5] = x[in + 5 * STRIDE];
      x[out + 6] = x[in + 6 * STRIDE];
      x[out + 7] = x[in + 7 * STRIDE];
    }
  }
}
