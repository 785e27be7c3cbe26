package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.cpu.Kernel;
import org.t3jvm.tensor.cpu.Lanes;

/**
 * Multiplies rows by the panels that {@link PackColumns} left. A task makes one block of the
 * result: its sums stay in the worker's cache, tile after tile, while the inner size goes by.
 */
final class TiledProduct implements Kernel {
  /** Rows of a block at most; its left side and its sums share a second-level cache. */
  static final int BLOCK_ROWS = 240;

  /** Panels of a block at most: 512 columns of 16 lanes. */
  static final int BLOCK_PANELS = 16;

  private final Product product;
  private final int firstPanel;
  private final int panels;
  private final long rows;
  private final int depth;
  private final int columns;
  private final int rowBlocks;
  private final int blockRows;
  private final int panelBlocks;

  TiledProduct(Product product, int firstPanel, int panels) {
    this.product = product;
    this.firstPanel = firstPanel;
    this.panels = panels;
    this.rows = product.rows().rows();
    this.depth = product.rows().depth();
    this.columns = product.columns().columns();
    this.rowBlocks = Math.toIntExact(Math.ceilDiv(rows, (long) BLOCK_ROWS));
    this.blockRows = Tile.wholeRows(Math.toIntExact(Math.ceilDiv(rows, (long) rowBlocks)));
    this.panelBlocks = Math.ceilDiv(panels, BLOCK_PANELS);
  }

  @Override
  public int tasks() {
    return Math.multiplyExact(rowBlocks, panelBlocks);
  }

  @Override
  public int scratchFloats() {
    return leftStart() + blockRows * Tile.DEPTH;
  }

  private static int sumsStart() {
    return Tile.DEPTH * Tile.COLUMNS;
  }

  private int leftStart() {
    return sumsStart() + blockRows * Math.min(panels, BLOCK_PANELS) * Tile.COLUMNS;
  }

  @Override
  public void run(int task, Frame frame, float[] scratch) {
    long firstRow = (long) (task % rowBlocks) * blockRows;
    int count = Math.clamp(rows - firstRow, 0, blockRows);
    if (count == 0) {
      return;
    }
    int panelStart = task / rowBlocks * BLOCK_PANELS;
    int panelCount = Math.min(BLOCK_PANELS, panels - panelStart);
    Arrays.fill(scratch, sumsStart(), leftStart(), 0);
    for (int from = 0; from < depth; from += Tile.DEPTH) {
      int steps = Math.min(Tile.DEPTH, depth - from);
      product.rows().pack(frame, firstRow, count, from, steps, scratch, leftStart());
      multiply(frame.temporary(), panelStart, panelCount, from, steps, count, scratch);
    }
    write(frame, firstRow, count, panelStart, panelCount, scratch);
  }

  private void multiply(
      MemorySegment packed,
      int panelStart,
      int panelCount,
      int from,
      int steps,
      int count,
      float[] scratch) {
    for (int p = 0; p < panelCount; p++) {
      long at = ((long) (panelStart + p) * depth + from) * Tile.COLUMNS;
      MemorySegment.copy(packed, ValueLayout.JAVA_FLOAT, at << 2, scratch, 0, steps * Tile.COLUMNS);
      int sums = sumsStart() + p * blockRows * Tile.COLUMNS;
      for (int row = 0; row < count; row += Tile.ROWS) {
        int left = leftStart() + row * Tile.DEPTH;
        MicroKernel.multiply(scratch, left, scratch, 0, steps, scratch, sums + row * Tile.COLUMNS);
      }
    }
  }

  private void write(
      Frame frame, long firstRow, int count, int panelStart, int panelCount, float[] scratch) {
    MemorySegment out = frame.segment(product.out());
    @Nullable MemorySegment bias = product.bias() == null ? null : frame.segment(product.bias());
    for (int p = 0; p < panelCount; p++) {
      int column = (firstPanel + panelStart + p) * Tile.COLUMNS;
      int width = Math.min(Tile.COLUMNS, columns - column);
      int sums = sumsStart() + p * blockRows * Tile.COLUMNS;
      for (int row = 0; row < count; row++) {
        long at = (firstRow + row) * columns + column;
        writeRow(scratch, sums + row * Tile.COLUMNS, width, bias, column, out, at);
      }
    }
  }

  private static void writeRow(
      float[] sums,
      int from,
      int width,
      @Nullable MemorySegment bias,
      int column,
      MemorySegment out,
      long at) {
    int i = 0;
    for (; i + Lanes.COUNT <= width; i += Lanes.COUNT) {
      FloatVector sum = FloatVector.fromArray(Lanes.F, sums, from + i);
      Lanes.store(bias == null ? sum : sum.add(Lanes.load(bias, column + i)), out, at + i);
    }
    for (; i < width; i++) {
      float sum = sums[from + i];
      Lanes.set(out, at + i, bias == null ? sum : sum + Lanes.get(bias, column + i));
    }
  }
}
