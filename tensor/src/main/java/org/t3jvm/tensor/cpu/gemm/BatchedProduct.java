package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * {@code out [B..., M, N] = a [B..., M, K] b}, both sides computed values. A task makes some rows
 * of one batch, packing the panels of b as it goes.
 */
final class BatchedProduct implements CpuKernel {
  private static final int BLOCK_ROWS = 96 / Tile.ROWS * Tile.ROWS;

  private final Op.MatMul op;
  private final Value out;
  private final int m;
  private final int k;
  private final int n;
  private final int rowBlocks;
  private final int batches;

  BatchedProduct(Op.MatMul op, Value out) {
    Shape a = op.a().shape();
    this.op = op;
    this.out = out;
    this.m = a.intDim(-2);
    this.k = a.intDim(-1);
    this.n = out.shape().intDim(-1);
    this.rowBlocks = Math.ceilDiv(m, BLOCK_ROWS);
    this.batches = Math.toIntExact(a.outer(a.rank() - 2));
  }

  @Override
  public int tasks() {
    return Math.multiplyExact(batches, rowBlocks);
  }

  @Override
  public int scratchFloats() {
    return BLOCK_ROWS * Tile.DEPTH
        + Tile.DEPTH * Tile.COLUMNS
        + BLOCK_ROWS * Tile.COLUMNS
        + Tile.DEPTH;
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    int batch = task / rowBlocks;
    int firstRow = task % rowBlocks * BLOCK_ROWS;
    int rows = Math.min(BLOCK_ROWS, m - firstRow);
    int panel = BLOCK_ROWS * Tile.DEPTH;
    int sums = panel + Tile.DEPTH * Tile.COLUMNS;
    int buffer = sums + BLOCK_ROWS * Tile.COLUMNS;
    long aStart = ((long) batch * m + firstRow) * k;
    for (int column = 0; column < n; column += Tile.COLUMNS) {
      int columns = Math.min(Tile.COLUMNS, n - column);
      Arrays.fill(scratch, sums, buffer, 0);
      for (int from = 0; from < k; from += Tile.DEPTH) {
        int steps = Math.min(Tile.DEPTH, k - from);
        for (int row = 0; row < rows; row++) {
          FloatCopies.load(
              frame.segment(op.a()),
              aStart + (long) row * k + from,
              steps,
              scratch,
              row * Tile.DEPTH);
        }
        packPanel(frame, batch, column, columns, from, steps, scratch, panel, buffer);
        for (int row = 0; row < rows; row += Tile.ROWS) {
          MicroKernel.multiply(
              scratch, row * Tile.DEPTH, scratch, panel, steps, scratch, sums + row * Tile.COLUMNS);
        }
      }
      write(frame, batch, firstRow, rows, column, columns, scratch, sums);
    }
  }

  private void packPanel(
      Frame frame,
      int batch,
      int column,
      int columns,
      int from,
      int steps,
      float[] scratch,
      int panel,
      int buffer) {
    MemorySegment b = frame.segment(op.b());
    long start = (long) batch * k * n;
    Arrays.fill(scratch, panel, panel + steps * Tile.COLUMNS, 0);
    if (!op.transposeB()) {
      for (int i = 0; i < steps; i++) {
        long at = start + (long) (from + i) * n + column;
        FloatCopies.widen(op.b().dtype(), b, at, columns, scratch, panel + i * Tile.COLUMNS);
      }
      return;
    }
    for (int c = 0; c < columns; c++) {
      long at = start + (long) (column + c) * k + from;
      FloatCopies.widen(op.b().dtype(), b, at, steps, scratch, buffer);
      for (int i = 0; i < steps; i++) {
        scratch[panel + i * Tile.COLUMNS + c] = scratch[buffer + i];
      }
    }
  }

  private void write(
      Frame frame,
      int batch,
      int firstRow,
      int rows,
      int column,
      int columns,
      float[] scratch,
      int sums) {
    MemorySegment y = frame.segment(out);
    for (int row = 0; row < rows; row++) {
      long at = ((long) batch * m + firstRow + row) * n + column;
      for (int c = 0; c < columns; c++) {
        Lanes.set(y, at + c, scratch[sums + row * Tile.COLUMNS + c]);
      }
    }
  }
}
