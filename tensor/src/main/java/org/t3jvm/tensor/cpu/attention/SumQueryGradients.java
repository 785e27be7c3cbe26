package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.VectorLoops;

/** Adds up, in order, the query gradients of the parts of {@link AttentionGradKernel}. */
final class SumQueryGradients extends RangeKernel {
  private final AttentionGradPlan plan;

  SumQueryGradients(AttentionGradPlan plan) {
    super(plan.grad().attention().q().shape().elements(), plan.splits());
    this.plan = plan;
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment parts = frame.temporary();
    MemorySegment out = frame.segment(plan.out());
    MemorySegment.copy(parts, (plan.partial(0) + from) << 2, out, from << 2, (to - from) << 2);
    for (int split = 1; split < plan.splits(); split++) {
      VectorLoops.add(out, from, parts, plan.partial(split) + from, out, from, to - from);
    }
  }
}
