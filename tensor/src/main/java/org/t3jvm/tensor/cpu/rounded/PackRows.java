package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.graph.Value;

/**
 * Rounds some rows of an F32 value [..., K] to pairs in the temporary memory, one row after the
 * other.
 *
 * @param rows their number
 * @param place where the first goes, in bytes
 */
record PackRows(Value x, int depth, long firstRow, int rows, long place) implements CpuKernel {
  /** Numbers of a task. */
  private static final int TASK = 1 << 16;

  /** Bytes of a row. */
  static long rowBytes(int depth) {
    return (long) Pairs.count(depth) * Tiles.PAIR;
  }

  private int taskRows() {
    return Math.max(1, TASK / depth);
  }

  @Override
  public int tasks() {
    return Math.ceilDiv(rows, taskRows());
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    MemorySegment segment = frame.segment(x);
    int first = task * taskRows();
    int end = Math.min(rows, first + taskRows());
    for (int row = first; row < end; row++) {
      long to = place + row * rowBytes(depth);
      Pairs.round(segment, (firstRow + row) * depth, depth, frame.temporary(), to);
    }
  }
}
