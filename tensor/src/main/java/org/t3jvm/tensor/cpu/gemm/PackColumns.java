package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.cpu.Kernel;

/**
 * Packs some of a product's columns, widened, into panels in the temporary memory: panel after
 * panel, each [depth, {@link Tile#COLUMNS}], zeros beyond the last column. A task packs one panel.
 */
record PackColumns(ColumnSource source, int firstPanel, int panels) implements Kernel {
  @Override
  public int tasks() {
    return panels;
  }

  @Override
  public int scratchFloats() {
    return Tile.DEPTH + Tile.DEPTH * Tile.COLUMNS;
  }

  @Override
  public void run(int task, Frame frame, float[] scratch) {
    int depth = source.depth();
    int firstColumn = (firstPanel + task) * Tile.COLUMNS;
    int columns = Math.min(Tile.COLUMNS, source.columns() - firstColumn);
    MemorySegment temporary = frame.temporary();
    long panel = (long) task * depth * Tile.COLUMNS;
    if (columns < Tile.COLUMNS) {
      Arrays.fill(scratch, Tile.DEPTH, scratchFloats(), 0);
    }
    for (int from = 0; from < depth; from += Tile.DEPTH) {
      int count = Math.min(Tile.DEPTH, depth - from);
      for (int column = 0; column < columns; column++) {
        source.read(frame, firstColumn + column, from, count, scratch, 0);
        spread(scratch, count, Tile.DEPTH + column);
      }
      long at = panel + (long) from * Tile.COLUMNS;
      MemorySegment.copy(
          scratch, Tile.DEPTH, temporary, ValueLayout.JAVA_FLOAT, at << 2, count * Tile.COLUMNS);
    }
  }

  private static void spread(float[] scratch, int count, int at) {
    for (int k = 0; k < count; k++) {
      scratch[at + k * Tile.COLUMNS] = scratch[k];
    }
  }
}
