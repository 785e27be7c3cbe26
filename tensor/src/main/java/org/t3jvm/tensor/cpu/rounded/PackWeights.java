package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.gemm.WeightColumns;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;

/**
 * Packs some panels of a weight [N, K] into the temporary memory from its start on: panel after
 * panel, {@link Tiles#COLUMNS} pairs for each pair of steps, zeros beyond the last column. Weights
 * that are BF16 are moved as they are. A task packs one panel.
 */
record PackWeights(WeightColumns weights, int firstPanel, int panels) implements CpuKernel {
  /** Columns that are transposed together. */
  private static final int GROUP = 8;

  /** Numbers of a column that are read together. */
  private static final int READ = 512;

  /** Floats from column to column: one cache line more than needed, or all share a few sets. */
  private static final int STRIDE = READ + 16;

  /** Bytes of a panel. */
  static long panelBytes(int depth) {
    return (long) Pairs.count(depth) * Tiles.PANEL_PAIR;
  }

  @Override
  public int tasks() {
    return panels;
  }

  @Override
  public int scratchFloats() {
    return GROUP * STRIDE + READ / 2 * Tiles.COLUMNS;
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    MemorySegment memory = frame.temporary();
    int depth = weights.depth();
    long panel = task * panelBytes(depth);
    int firstColumn = (firstPanel + task) * Tiles.COLUMNS;
    int turned = GROUP * STRIDE;
    for (int from = 0; from < depth; from += READ) {
      int count = Math.min(READ, depth - from);
      int pairs = Pairs.count(count);
      for (int column = 0; column < Tiles.COLUMNS; column += GROUP) {
        for (int i = 0; i < GROUP; i++) {
          read(frame, firstColumn + column + i, from, count, scratch, i * STRIDE);
        }
        transpose(scratch, pairs, turned + column);
      }
      long to = panel + (long) from / 2 * Tiles.PANEL_PAIR;
      MemorySegment.copy(
          scratch, turned, memory, ValueLayout.JAVA_FLOAT, to, pairs * Tiles.COLUMNS);
    }
  }

  /** Pairs of one column. */
  private void read(Frame frame, int column, int from, int count, float[] x, int at) {
    if (column >= weights.columns()) {
      Arrays.fill(x, at, at + Pairs.count(count), 0);
    } else if (weights.weight().dtype() == DType.BF16) {
      long start = (long) column * weights.depth() + from;
      Pairs.load(frame.segment(weights.weight()), start, count, x, at);
    } else {
      weights.read(frame, column, from, count, x, at);
      Pairs.round(x, at, count);
    }
  }

  /** Writes neighbours one after the other, so that each line of the panel is met once a group. */
  private static void transpose(float[] x, int pairs, int to) {
    for (int k = 0; k < pairs; k++) {
      int out = to + k * Tiles.COLUMNS;
      x[out] = x[k];
      x[out + 1] = x[k + STRIDE];
      x[out + 2] = x[k + 2 * STRIDE];
      x[out + 3] = x[k + 3 * STRIDE];
      x[out + 4] = x[k + 4 * STRIDE];
      x[out + 5] = x[k + 5 * STRIDE];
      x[out + 6] = x[k + 6 * STRIDE];
      x[out + 7] = x[k + 7 * STRIDE];
    }
  }
}
