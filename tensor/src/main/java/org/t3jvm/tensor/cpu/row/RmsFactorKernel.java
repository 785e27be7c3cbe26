package org.t3jvm.tensor.cpu.row;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link Op.RmsFactor}: x [..., D], one number a row, the very one that {@link NormKernel} uses.
 */
public final class RmsFactorKernel extends RangeKernel {
  private final Op.RmsFactor op;
  private final Value out;
  private final long width;

  public RmsFactorKernel(Op.RmsFactor op, Value out) {
    super(out.shape().elements(), op.x().shape().dim(-1));
    this.op = op;
    this.out = out;
    this.width = op.x().shape().dim(-1);
  }

  @Override
  public int scratchFloats() {
    return COUNT;
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(op.x());
    MemorySegment y = frame.segment(out);
    for (long row = from; row < to; row++) {
      double squares = RowSums.squares(x, row * width, width, 0, scratch);
      float factor = (float) NormKernel.rootFactor(squares, width, op.eps());
      y.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, row, factor);
    }
  }
}
