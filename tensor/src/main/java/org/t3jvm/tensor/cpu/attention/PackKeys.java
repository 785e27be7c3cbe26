package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowMap;

/**
 * Gathers the keys and values of some of a pass's {@link Units}, block after block, into the
 * temporary memory: every block of queries reads them, and scattered rows would be met each time. A
 * task gathers some blocks of one unit.
 */
record PackKeys(Op.Attention op, RowMap.Pass pass, Units units) implements CpuKernel {
  /** Key blocks of a task. */
  private static final int BLOCKS = 8;

  @Override
  public int tasks() {
    return Math.multiplyExact(units.count(), tasksEach());
  }

  private int tasksEach() {
    return Math.ceilDiv(units.keyBlocks(), BLOCKS);
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    int unit = task / tasksEach();
    int first = task % tasksEach() * BLOCKS;
    RowMap.Tile tile = pass.tiles().get(units.tile(unit));
    int ofTile = tile.keys();
    int end = Math.min(first + BLOCKS, Math.ceilDiv(ofTile, Blocks.KEYS));
    MemorySegment k = frame.segment(op.k());
    MemorySegment v = frame.segment(op.v());
    MemorySegment packed = frame.temporary();
    for (int block = first; block < end; block++) {
      long at = units.at(unit, block);
      int keys = Math.min(Blocks.KEYS, ofTile - block * Blocks.KEYS);
      for (int i = 0; i < keys; i++) {
        long row = tile.key(block * Blocks.KEYS + i);
        long from = row * op.k().shape().dim(1) + (long) units.head(unit) * units.dim();
        copyKey(k, from, packed, at + (long) i * units.dim());
        copyValue(v, from, packed, at + units.values() + (long) i * Tile.COLUMNS);
      }
    }
  }

  private void copyKey(MemorySegment k, long from, MemorySegment packed, long to) {
    FloatCopies.copy(k, from, packed, to, units.dim());
  }

  /** A row of values, a panel's width to each panel. */
  private void copyValue(MemorySegment v, long from, MemorySegment packed, long to) {
    int dim = units.dim();
    for (int c = 0; c < dim; c += Tile.COLUMNS) {
      int count = Math.min(Tile.COLUMNS, dim - c);
      long panel = to + (long) c * Blocks.KEYS;
      FloatCopies.copy(v, from + c, packed, panel, count);
      for (int i = count; i < Tile.COLUMNS; i++) {
        Lanes.set(packed, panel + i, 0);
      }
    }
  }
}
