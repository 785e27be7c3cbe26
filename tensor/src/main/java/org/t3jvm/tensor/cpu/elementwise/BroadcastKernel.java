package org.t3jvm.tensor.cpu.elementwise;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Value;

/** {@link GradientOp.Broadcast}: repeats elements along axes. */
public final class BroadcastKernel extends RangeKernel {
  private final GradientOp.Broadcast op;
  private final Value out;
  private final Broadcast broadcast;

  public BroadcastKernel(GradientOp.Broadcast op, Value out) {
    super(out.shape().elements(), 1);
    this.op = op;
    this.out = out;
    this.broadcast = Broadcast.of(out.shape(), op.x().shape());
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(op.x());
    MemorySegment y = frame.segment(out);
    long done = from;
    while (done < to) {
      long column = done % broadcast.run();
      long n = Math.min(broadcast.run() - column, to - done);
      long start = broadcast.start(0, done / broadcast.run());
      if (broadcast.step(0) == 0) {
        fill(y, done, n, Lanes.get(x, start));
      } else {
        MemorySegment.copy(x, (start + column) << 2, y, done << 2, n << 2);
      }
      done += n;
    }
  }

  private static void fill(MemorySegment y, long from, long n, float value) {
    FloatVector all = FloatVector.broadcast(Lanes.F, value);
    long i = 0;
    for (; i + Lanes.COUNT <= n; i += Lanes.COUNT) {
      Lanes.store(all, y, from + i);
    }
    for (; i < n; i++) {
      Lanes.set(y, from + i, value);
    }
  }
}
