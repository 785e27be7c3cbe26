package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.gemm.WeightColumns;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.machine.TileKind;

/**
 * Packs some panels of a weight [N, K] into the temporary memory from its start on: panel after
 * panel, {@link Tiles#COLUMNS} words for each word of a column, zeros beyond the last column. A
 * task packs one panel.
 */
record PackWeights(TileKind kind, WeightColumns weights, int firstPanel, int panels)
    implements CpuKernel {
  /** Columns that are transposed together. */
  private static final int GROUP = 8;

  /** Numbers of a column that are read together: whole units, of at most as many words. */
  private static final int READ = 512;

  /** Floats from column to column: one cache line more than needed, or all share a few sets. */
  private static final int STRIDE = READ + 16;

  /** Bytes of a panel. */
  static long panelBytes(TileKind kind, int depth) {
    return (long) kind.units(depth) * kind.panelUnit();
  }

  @Override
  public int tasks() {
    return panels;
  }

  @Override
  public int scratchFloats() {
    return GROUP * STRIDE + words(READ) * Tiles.COLUMNS;
  }

  /** Words of a column of so many numbers. */
  private int words(int count) {
    return kind.units(count) * kind.columnWords();
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    MemorySegment memory = frame.temporary();
    Packing packing = Packing.of(kind);
    int depth = weights.depth();
    long panel = task * panelBytes(kind, depth);
    int firstColumn = (firstPanel + task) * Tiles.COLUMNS;
    int turned = GROUP * STRIDE;
    for (int from = 0; from < depth; from += READ) {
      int count = Math.min(READ, depth - from);
      int words = words(count);
      for (int column = 0; column < Tiles.COLUMNS; column += GROUP) {
        for (int i = 0; i < GROUP; i++) {
          int each = firstColumn + column + i;
          if (each < weights.columns()) {
            packing.column(frame, weights, each, from, count, scratch, i * STRIDE);
          } else {
            Arrays.fill(scratch, i * STRIDE, i * STRIDE + words, 0);
          }
        }
        transpose(scratch, words, turned + column);
      }
      long to = panel + (long) (from / kind.steps()) * kind.panelUnit();
      MemorySegment.copy(
          scratch, turned, memory, ValueLayout.JAVA_FLOAT, to, words * Tiles.COLUMNS);
    }
  }

  /** Writes neighbours one after the other, so that each line of the panel is met once a group. */
  private static void transpose(float[] x, int words, int to) {
    for (int k = 0; k < words; k++) {
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
