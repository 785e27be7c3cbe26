package org.t3jvm.tensor.cpu.move;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link MovementOp.Upsample}: x [T, H, W, C] to [T, H*factor, W*factor, C], one result row at a
 * time.
 */
public final class UpsampleKernel extends RangeKernel {
  private final MovementOp.Upsample op;
  private final Value out;
  private final long columns;
  private final long pixelBytes;

  public UpsampleKernel(MovementOp.Upsample op, Value out) {
    super(out.shape().dim(0) * out.shape().dim(1), out.shape().inner(1));
    this.op = op;
    this.out = out;
    this.columns = out.shape().dim(2);
    this.pixelBytes = out.shape().dim(3) * out.dtype().byteSize();
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(op.x());
    MemorySegment y = frame.segment(out);
    int factor = op.factor();
    for (long row = from; row < to; row++) {
      // Rows of all frames are numbered through, and every frame has factor times as many of them.
      long source = row / factor * (columns / factor);
      for (long column = 0; column < columns; column++) {
        long pixel = source + column / factor;
        MemorySegment.copy(
            x, pixel * pixelBytes, y, (row * columns + column) * pixelBytes, pixelBytes);
      }
    }
  }
}
