package org.t3jvm.tensor.cpu.move;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** {@link Op.Scaled} for readers that want its values in memory: codes [N, ...] to F32. */
public final class ScaledKernel extends RangeKernel {
  private final ScaledRows rows;
  private final Value out;

  public ScaledKernel(Op.Scaled op, Value out) {
    super(out.shape().dim(0), out.shape().inner(0));
    this.rows = new ScaledRows(op);
    this.out = out;
  }

  @Override
  public int scratchFloats() {
    return ScaledRows.BUFFER;
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment y = frame.segment(out);
    for (long row = from; row < to; row++) {
      rows.copy(frame, row, y, row * out.shape().inner(0), scratch);
    }
  }
}
