package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.graph.Value;

/**
 * Multiplies packed rows by packed panels, sums where the result lies. A task makes one block of
 * the result, part by part of the inner size, so that a panel's part stays in the first cache while
 * the block's rows go by.
 */
final class RoundedProduct implements CpuKernel {
  /** Rows of a block at most; with its columns they share a second-level cache. */
  private static final int BLOCK_ROWS = 240;

  /** Panels of a block at most. */
  private static final int BLOCK_PANELS = 16;

  /** Steps of a part: of a panel they take 32 KiB as BF16, 18 as int8. */
  private static final int PART = 512;

  /**
   * What is multiplied.
   *
   * @param depth inner size
   * @param columns of the whole result
   * @param bias [columns], or null
   * @param epilogue what follows on each part of the result
   */
  record Operands(
      Tiles tiles, int depth, int columns, @Nullable Value bias, Value out, Epilogue epilogue) {
    TileKind kind() {
      return tiles.kind();
    }

    int units() {
      return kind().units(depth);
    }
  }

  private final Operands operands;
  private final long firstRow;
  private final int rows;
  private final int firstPanel;
  private final int panels;
  private final long rowsPlace;
  private final int blockRows;
  private final int rowBlocks;

  /**
   * @param firstRow of the result that is made here, {@code rows} in all
   * @param firstPanel of the result, of {@code panels} that lie at the start of the temporary
   *     memory
   * @param rowsPlace where in it the packed rows lie
   */
  RoundedProduct(
      Operands operands, long firstRow, int rows, int firstPanel, int panels, long rowsPlace) {
    this.operands = operands;
    this.firstRow = firstRow;
    this.rows = rows;
    this.firstPanel = firstPanel;
    this.panels = panels;
    this.rowsPlace = rowsPlace;
    this.rowBlocks = Math.ceilDiv(rows, BLOCK_ROWS);
    this.blockRows = Math.ceilDiv(Math.ceilDiv(rows, rowBlocks), Tiles.ROWS) * Tiles.ROWS;
  }

  @Override
  public int tasks() {
    return Math.multiplyExact(rowBlocks, Math.ceilDiv(panels, BLOCK_PANELS));
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    int first = task % rowBlocks * blockRows;
    int count = Math.min(blockRows, rows - first);
    if (count <= 0) {
      return;
    }
    int start = task / rowBlocks * BLOCK_PANELS;
    int end = Math.min(panels, start + BLOCK_PANELS);
    int units = operands.units();
    int unitsOfPart = operands.kind().units(PART);
    for (int from = 0; from < units; from += unitsOfPart) {
      int part = Math.min(unitsOfPart, units - from);
      for (int panel = start; panel < end; panel++) {
        multiply(frame, first, count, panel, from, part);
      }
    }
    finish(frame, first, count, start, end);
  }

  private void multiply(Frame frame, int first, int count, int panel, int from, int part) {
    MemorySegment memory = frame.temporary();
    TileKind kind = operands.kind();
    long rowBytes = PackRows.rowBytes(kind, operands.depth());
    int column = (firstPanel + panel) * Tiles.COLUMNS;
    long resultBytes = (long) operands.columns() * Float.BYTES;
    operands
        .tiles()
        .multiply(
            memory,
            rowsPlace + first * rowBytes + (long) from * kind.rowUnit(),
            rowBytes,
            memory,
            panel * PackWeights.panelBytes(kind, operands.depth()) + (long) from * kind.panelUnit(),
            part,
            frame.segment(operands.out()),
            (firstRow + first) * resultBytes + (long) column * Float.BYTES,
            resultBytes,
            count,
            Math.min(Tiles.COLUMNS, operands.columns() - column),
            from > 0);
  }

  private void finish(Frame frame, int first, int count, int start, int end) {
    int column = (firstPanel + start) * Tiles.COLUMNS;
    int endColumn = Math.min(operands.columns(), (firstPanel + end) * Tiles.COLUMNS);
    for (int row = 0; row < count; row++) {
      long at = (firstRow + first + row) * operands.columns();
      Sums.addBias(frame, operands.bias(), column, operands.out(), at + column, endColumn - column);
      operands.epilogue().run(at + column, at + endColumn, frame);
    }
  }
}
