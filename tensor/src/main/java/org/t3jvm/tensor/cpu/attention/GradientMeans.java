package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.GradientOp;

/**
 * The mean gradient of each query's weights, which is the product of the result and its gradient:
 * [heads, Nq] at the start of the temporary memory.
 */
final class GradientMeans extends RangeKernel {
  private final GradientOp.AttentionGrad grad;
  private final int heads;
  private final int dim;
  private final long queries;

  GradientMeans(GradientOp.AttentionGrad grad) {
    super(
        grad.attention().q().shape().dim(0), 2 * Math.max(1, grad.attention().q().shape().dim(1)));
    this.grad = grad;
    this.heads = grad.attention().heads();
    this.dim = grad.attention().headDim();
    this.queries = grad.attention().q().shape().dim(0);
  }

  @Override
  public int scratchFloats() {
    return Lanes.COUNT;
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment y = frame.segment(grad.saved());
    MemorySegment dy = frame.segment(grad.dy());
    MemorySegment means = frame.temporary();
    for (long query = from; query < to; query++) {
      for (int head = 0; head < heads; head++) {
        long at = (query * heads + head) * dim;
        Lanes.set(means, head * queries + query, dot(y, dy, at, scratch));
      }
    }
  }

  private float dot(MemorySegment y, MemorySegment dy, long at, float[] scratch) {
    FloatVector sum = FloatVector.zero(Lanes.F);
    int c = 0;
    for (; c + Lanes.COUNT <= dim; c += Lanes.COUNT) {
      sum = Lanes.load(y, at + c).fma(Lanes.load(dy, at + c), sum);
    }
    if (c < dim) {
      VectorMask<Float> rest = Lanes.first(dim - c);
      sum = Lanes.load(y, at + c, rest).fma(Lanes.load(dy, at + c, rest), sum);
    }
    sum.intoArray(scratch, 0);
    return Lanes.sum(scratch);
  }
}
