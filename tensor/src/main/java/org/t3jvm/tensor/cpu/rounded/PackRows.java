package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.graph.Value;

/**
 * Packs some rows of an F32 value [..., K] to the temporary memory, one row after the other.
 *
 * @param kind what multiplies them
 * @param rows their number
 * @param place where the first goes, in bytes
 */
record PackRows(TileKind kind, Value x, int depth, long firstRow, int rows, long place)
    implements CpuKernel {
  /** Numbers of a task. */
  private static final int TASK = 1 << 16;

  /** Bytes of a row. */
  static long rowBytes(TileKind kind, int depth) {
    return (long) kind.units(depth) * kind.rowUnit();
  }

  private int taskRows() {
    return Math.max(1, TASK / depth);
  }

  @Override
  public int scratchFloats() {
    return kind.steps();
  }

  @Override
  public int tasks() {
    return Math.ceilDiv(rows, taskRows());
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    Packing packing = Packing.of(kind);
    MemorySegment segment = frame.segment(x);
    int first = task * taskRows();
    int end = Math.min(rows, first + taskRows());
    for (int row = first; row < end; row++) {
      long to = place + row * rowBytes(kind, depth);
      packing.row(
          segment, (firstRow + row) * depth, depth, frame.temporary(), to, scratch.floats());
    }
  }
}
