package org.t3jvm.tensor.cpu.row;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;
import static org.t3jvm.tensor.cpu.vector.Lanes.F;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.cpu.vector.VectorMath;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** {@link Op.Softmax}: x [..., D], row by row; may run in place. */
public final class SoftmaxKernel extends RangeKernel {
  private final Op.Softmax op;
  private final Value out;
  private final long width;

  public SoftmaxKernel(Op.Softmax op, Value out) {
    super(out.shape().outer(out.shape().rank() - 1), out.shape().dim(-1));
    this.op = op;
    this.out = out;
    this.width = out.shape().dim(-1);
  }

  @Override
  public boolean countsRows() {
    return true;
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
      long base = row * width;
      powers(x, y, base, max(x, base));
      float sum = (float) RowSums.sum(y, base, width, scratch);
      VectorLoops.affine(y, base, 1 / sum, -0f, y, base, width);
    }
  }

  private float max(MemorySegment x, long base) {
    FloatVector max = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    long i = 0;
    for (; i + COUNT <= width; i += COUNT) {
      FloatVector v = Lanes.load(x, base + i);
      max = max.blend(v, v.compare(VectorOperators.GT, max));
    }
    if (i < width) {
      VectorMask<Float> rest = Lanes.first(width - i);
      FloatVector v = Lanes.load(x, base + i, rest);
      max = max.blend(v, v.compare(VectorOperators.GT, max, rest));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  private void powers(MemorySegment x, MemorySegment y, long base, float max) {
    long i = 0;
    for (; i + COUNT <= width; i += COUNT) {
      Lanes.store(VectorMath.exp(Lanes.load(x, base + i).sub(max)), y, base + i);
    }
    if (i < width) {
      VectorMask<Float> rest = Lanes.first(width - i);
      FloatVector v = Lanes.load(x, base + i, rest);
      Lanes.store(VectorMath.exp(v.sub(max)), y, base + i, rest);
    }
  }
}
