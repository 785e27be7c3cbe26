package org.t3jvm.tensor.cpu.elementwise;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** {@link Op.GatedResidual}: x and y [..., D], broadcast gate; may run in place of x or y. */
public final class GatedResidualKernel extends RangeKernel {
  private final Op.GatedResidual op;
  private final Value out;
  private final Broadcast broadcast;

  public GatedResidualKernel(Op.GatedResidual op, Value out) {
    super(out.shape().elements(), 1);
    this.op = op;
    this.out = out;
    this.broadcast = Broadcast.of(out.shape(), op.x().shape(), op.gate().shape());
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(op.x());
    MemorySegment gate = frame.segment(op.gate());
    MemorySegment y = frame.segment(op.y());
    MemorySegment result = frame.segment(out);
    long step = broadcast.step(1);
    long done = from;
    while (done < to) {
      long run = done / broadcast.run();
      long column = done % broadcast.run();
      long n = Math.min(broadcast.run() - column, to - done);
      long start = broadcast.start(1, run) + column * step;
      if (step == 1) {
        VectorLoops.multiplyAdd(y, done, gate, start, x, done, result, done, n);
      } else {
        float factor = Lanes.get(gate, start);
        for (long i = done; i < done + n; i++) {
          Lanes.set(result, i, Math.fma(Lanes.get(y, i), factor, Lanes.get(x, i)));
        }
      }
      done += n;
    }
  }
}
