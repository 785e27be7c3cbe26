package org.t3jvm.tensor.cpu.attention;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowMap;

/**
 * Gives the keys outside of a query's window no weight, in a block of queries whose windows slide.
 * Most keys lie in the windows of all queries, and cost a look at their coordinates.
 *
 * @param blocks of the task's scratch, which holds the first row and column of each query's window,
 *     and the row and column of each key
 * @param lanes queries, in whole vectors
 * @param rows of a window
 * @param columns of a window
 * @param fromRow first row that lies in all windows
 * @param endRow end of the rows that lie in all windows
 * @param fromColumn first column that lies in all windows
 * @param endColumn end of the columns that lie in all windows
 */
record WindowMask(
    Blocks blocks,
    int lanes,
    int rows,
    int columns,
    int fromRow,
    int endRow,
    int fromColumn,
    int endColumn) {
  /** The mask of a block; notes the windows of its queries. */
  static WindowMask of(
      Blocks blocks, RowMap.SlidingWindows sliding, RowBox queries, int count, float[] x) {
    int fromRow = 0;
    int fromColumn = 0;
    int endRow = Integer.MAX_VALUE;
    int endColumn = Integer.MAX_VALUE;
    int lanes = Math.ceilDiv(count, Lanes.COUNT) * Lanes.COUNT;
    for (int i = 0; i < lanes; i++) {
      long row = queries.row(Math.min(i, count - 1));
      int h = sliding.h().start(queries.rowH(row));
      int w = sliding.w().start(queries.rowW(row));
      x[blocks.windowRow() + i] = h;
      x[blocks.windowColumn() + i] = w;
      fromRow = Math.max(fromRow, h);
      fromColumn = Math.max(fromColumn, w);
      endRow = Math.min(endRow, h + sliding.h().size());
      endColumn = Math.min(endColumn, w + sliding.w().size());
    }
    return new WindowMask(
        blocks,
        lanes,
        sliding.h().size(),
        sliding.w().size(),
        fromRow,
        endRow,
        fromColumn,
        endColumn);
  }

  /** Notes keys that lie next to each other in a row of the grid. */
  void note(int at, int count, int row, int column, float[] x) {
    for (int i = 0; i < count; i++) {
      x[blocks.keyRow() + at + i] = row;
      x[blocks.keyColumn() + at + i] = column + i;
    }
  }

  /** Notes keys that every query attends to: no comparison holds for their coordinates. */
  void noteExtra(int at, int count, float[] x) {
    Arrays.fill(x, blocks.keyRow() + at, blocks.keyRow() + at + count, Float.NaN);
    Arrays.fill(x, blocks.keyColumn() + at, blocks.keyColumn() + at + count, Float.NaN);
  }

  /** Masks the scores of the noted keys. */
  void apply(int keys, float[] x) {
    for (int key = 0; key < keys; key++) {
      float row = x[blocks.keyRow() + key];
      float column = x[blocks.keyColumn() + key];
      if (row < fromRow || row >= endRow || column < fromColumn || column >= endColumn) {
        apply(key, row, column, x);
      }
    }
  }

  private void apply(int key, float row, float column, float[] x) {
    for (int lane = 0; lane < lanes; lane += Lanes.COUNT) {
      FloatVector h = FloatVector.fromArray(Lanes.F, x, blocks.windowRow() + lane);
      FloatVector w = FloatVector.fromArray(Lanes.F, x, blocks.windowColumn() + lane);
      VectorMask<Float> outside =
          h.compare(VectorOperators.GT, row)
              .or(h.compare(VectorOperators.LE, row - rows))
              .or(w.compare(VectorOperators.GT, column))
              .or(w.compare(VectorOperators.LE, column - columns));
      int panel = blocks.s() + lane / Tile.COLUMNS * Blocks.KEYS * Tile.COLUMNS;
      int at = panel + key * Tile.COLUMNS + lane % Tile.COLUMNS;
      FloatVector.fromArray(Lanes.F, x, at)
          .blend(Float.NEGATIVE_INFINITY, outside)
          .intoArray(x, at);
    }
  }
}
