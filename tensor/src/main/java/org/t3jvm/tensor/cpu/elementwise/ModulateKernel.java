package org.t3jvm.tensor.cpu.elementwise;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** {@link Op.Modulate}: x [..., D] with broadcast shift and scale; may run in place of x. */
public final class ModulateKernel extends RangeKernel {
  private final Op.Modulate op;
  private final Value out;
  private final Broadcast broadcast;

  public ModulateKernel(Op.Modulate op, Value out) {
    super(out.shape().elements(), 1);
    this.op = op;
    this.out = out;
    this.broadcast =
        Broadcast.of(out.shape(), op.x().shape(), op.scale().shape(), op.shift().shape());
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(op.x());
    MemorySegment scale = frame.segment(op.scale());
    MemorySegment shift = frame.segment(op.shift());
    MemorySegment y = frame.segment(out);
    long scaleStep = broadcast.step(1);
    long shiftStep = broadcast.step(2);
    long done = from;
    while (done < to) {
      long run = done / broadcast.run();
      long column = done % broadcast.run();
      long n = Math.min(broadcast.run() - column, to - done);
      long scaleStart = broadcast.start(1, run) + column * scaleStep;
      long shiftStart = broadcast.start(2, run) + column * shiftStep;
      if (scaleStep == 1 && shiftStep == 1) {
        VectorLoops.modulate(x, done, scale, scaleStart, shift, shiftStart, y, done, n);
      } else {
        for (long i = 0; i < n; i++) {
          float factor = Lanes.get(scale, scaleStart + i * scaleStep) + 1f;
          float offset = Lanes.get(shift, shiftStart + i * shiftStep);
          Lanes.set(y, done + i, Math.fma(Lanes.get(x, done + i), factor, offset));
        }
      }
      done += n;
    }
  }
}
