package org.t3jvm.tensor.cpu.move;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.HalfFloats;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Value;

/** {@link MovementOp.Cast}: x of any shape and dtype; conversions of weights are vectorised. */
public final class CastKernel extends RangeKernel {
  private final MovementOp.Cast op;
  private final Value out;

  public CastKernel(MovementOp.Cast op, Value out) {
    super(out.shape().elements(), 1);
    this.op = op;
    this.out = out;
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(op.x());
    MemorySegment y = frame.segment(out);
    DType source = op.x().dtype();
    if (op.dtype() == DType.F32 && (source == DType.BF16 || source == DType.F16)) {
      HalfFloats.widen(source, x, from, y, from, to - from);
    } else if (op.dtype() == DType.BF16 && source == DType.F32) {
      HalfFloats.toBFloat16(x, y, from, to);
    } else {
      Tensor input = Tensor.of(source, out.shape(), x);
      Tensor output = Tensor.of(op.dtype(), out.shape(), y);
      for (long i = from; i < to; i++) {
        output.setDouble(i, input.getDouble(i));
      }
    }
  }
}
