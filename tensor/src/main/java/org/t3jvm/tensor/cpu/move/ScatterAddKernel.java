package org.t3jvm.tensor.cpu.move;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link GradientOp.ScatterAdd}: a task makes some rows of the table, adding what goes there in the
 * order of the ids.
 */
public final class ScatterAddKernel implements CpuKernel {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Tasks at most, as each reads all ids. */
  private static final int MOST_TASKS = 64;

  private final GradientOp.ScatterAdd op;
  private final Value out;
  private final long width;
  private final long count;
  private final long rowsEach;
  private final int tasks;

  public ScatterAddKernel(GradientOp.ScatterAdd op, Value out) {
    this.op = op;
    this.out = out;
    this.width = out.shape().dim(1);
    this.count = op.ids().shape().elements();
    this.rowsEach = Math.max(1, Math.ceilDiv(op.rows(), MOST_TASKS));
    this.tasks = Math.toIntExact(Math.ceilDiv(op.rows(), rowsEach));
  }

  @Override
  public int tasks() {
    return tasks;
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    MemorySegment ids = frame.segment(op.ids());
    MemorySegment x = frame.segment(op.x());
    MemorySegment y = frame.segment(out);
    long first = task * rowsEach;
    long end = Math.min(op.rows(), first + rowsEach);
    y.asSlice((first * width) << 2, ((end - first) * width) << 2).fill((byte) 0);
    for (long i = 0; i < count; i++) {
      long id = ids.get(LONG, i << 3);
      if (id < 0 || id >= op.rows()) {
        throw new BackendException(
            "%s: id %d at position %d is outside of the table's %d rows"
                .formatted(out, id, i, op.rows()));
      }
      if (id >= first && id < end) {
        VectorLoops.add(y, id * width, x, i * width, y, id * width, width);
      }
    }
  }
}
