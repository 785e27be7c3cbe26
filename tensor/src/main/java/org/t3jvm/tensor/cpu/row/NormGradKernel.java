package org.t3jvm.tensor.cpu.row;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;
import static org.t3jvm.tensor.cpu.vector.Lanes.F;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link GradientOp.NormGrad}, row by row: with g the gradient times the weight, {@code factor (g -
 * mean g) - slope (x - mean x)}, the means only of layer norms.
 */
public final class NormGradKernel extends RangeKernel {
  private final GradientOp.NormGrad op;
  private final Value out;
  private final long width;

  public NormGradKernel(GradientOp.NormGrad op, Value out) {
    super(out.shape().outer(out.shape().rank() - 1), 2 * out.shape().dim(-1));
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
    MemorySegment dy = frame.segment(op.dy());
    MemorySegment y = frame.segment(out);
    @Nullable MemorySegment weight = op.weight() == null ? null : frame.segment(op.weight());
    boolean layer = op.kind() == Op.Norm.Kind.LAYER;
    for (long row = from; row < to; row++) {
      long base = row * width;
      if (weight == null) {
        MemorySegment.copy(dy, base << 2, y, base << 2, width << 2);
      } else {
        VectorLoops.multiply(dy, base, weight, 0, y, base, width);
      }
      float mean = layer ? (float) (RowSums.sum(x, base, width, scratch) / width) : 0;
      float meanG = layer ? (float) (RowSums.sum(y, base, width, scratch) / width) : 0;
      double squares = RowSums.squares(x, base, width, mean, scratch);
      double dot = RowSums.products(x, base, mean, y, base, width, scratch);
      combine(x, y, base, mean, meanG, squares, dot);
    }
  }

  private void combine(
      MemorySegment x,
      MemorySegment y,
      long base,
      float mean,
      float meanG,
      double squares,
      double dot) {
    double factor;
    double slope;
    if (op.kind() == Op.Norm.Kind.L2) {
      double length = Math.sqrt(squares);
      factor = Math.sqrt((double) width) / Math.max(length, op.eps());
      slope = length > op.eps() ? factor * dot / squares : 0;
    } else {
      factor = NormKernel.rootFactor(squares, width, op.eps());
      slope = factor * factor * factor * dot / width;
    }
    FloatVector scale = FloatVector.broadcast(F, (float) factor);
    FloatVector bend = FloatVector.broadcast(F, (float) -slope);
    long i = 0;
    for (; i + COUNT <= width; i += COUNT) {
      FloatVector g = Lanes.load(y, base + i).sub(meanG).mul(scale);
      Lanes.store(Lanes.load(x, base + i).sub(mean).fma(bend, g), y, base + i);
    }
    if (i < width) {
      VectorMask<Float> rest = Lanes.first(width - i);
      FloatVector g = Lanes.load(y, base + i, rest).sub(meanG).mul(scale);
      Lanes.store(Lanes.load(x, base + i, rest).sub(mean).fma(bend, g), y, base + i, rest);
    }
  }
}
