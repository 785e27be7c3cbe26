package org.t3jvm.tensor.cpu.row;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link Op.Norm}: x [..., D], row by row; may run in place. A modulation by one vector for all
 * rows, which follows a norm without weight, is the norm's weight, less 1, and its bias.
 */
public final class NormKernel extends RangeKernel {
  private final Op.Norm op;
  private final Value out;
  private final long width;
  private final @Nullable Value weight;
  private final @Nullable Value bias;

  /** What is added to the weight. */
  private final float offset;

  public NormKernel(Op.Norm op, Value out) {
    this(op, out, op.weight(), op.bias(), 0);
  }

  private NormKernel(
      Op.Norm op, Value out, @Nullable Value weight, @Nullable Value bias, float offset) {
    super(out.shape().outer(out.shape().rank() - 1), out.shape().dim(-1));
    this.op = op;
    this.out = out;
    this.width = out.shape().dim(-1);
    this.weight = weight;
    this.bias = bias;
    this.offset = offset;
  }

  /** A norm and the modulation that follows it. */
  public static NormKernel modulated(Op.Norm op, Op.Modulate modulate, Value out) {
    return new NormKernel(op, out, modulate.scale(), modulate.shift(), 1);
  }

  /** Whether {@link #modulated} can take the modulation of a norm. */
  public static boolean takes(Op.Norm op, Op.Modulate modulate) {
    long width = op.x().shape().dim(-1);
    return op.weight() == null
        && op.bias() == null
        && modulate.scale().shape().elements() == width
        && modulate.scale().shape().dim(-1) == width
        && modulate.shift().shape().elements() == width
        && modulate.shift().shape().dim(-1) == width;
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
    @Nullable MemorySegment scale = weight == null ? null : frame.segment(weight);
    @Nullable MemorySegment shift = bias == null ? null : frame.segment(bias);
    for (long row = from; row < to; row++) {
      long base = row * width;
      float mean =
          op.kind() == Op.Norm.Kind.LAYER
              ? (float) (RowSums.sum(x, base, width, scratch) / width)
              : 0;
      float factor = factor(RowSums.squares(x, base, width, mean, scratch));
      if (scale == null) {
        scale(x, y, base, mean, factor);
      } else if (shift == null) {
        scale(x, y, base, mean, factor, scale);
      } else {
        scale(x, y, base, mean, factor, scale, shift);
      }
      if (scale == null && shift != null) {
        VectorLoops.add(y, base, shift, 0, y, base, width);
      }
    }
  }

  private float factor(double squares) {
    return (float)
        switch (op.kind()) {
          case RMS, LAYER -> rootFactor(squares, width, op.eps());
          case L2 -> Math.sqrt((double) width) / Math.max(Math.sqrt(squares), op.eps());
        };
  }

  /** What a row of {@code width} elements with a sum of squares is multiplied by. */
  static double rootFactor(double squares, long width, float eps) {
    return 1 / Math.sqrt(squares / width + eps);
  }

  private void scale(MemorySegment x, MemorySegment y, long base, float mean, float factor) {
    long i = 0;
    for (; i + COUNT <= width; i += COUNT) {
      Lanes.store(Lanes.load(x, base + i).sub(mean).mul(factor), y, base + i);
    }
    if (i < width) {
      VectorMask<Float> rest = Lanes.first(width - i);
      Lanes.store(Lanes.load(x, base + i, rest).sub(mean).mul(factor), y, base + i, rest);
    }
  }

  private void scale(
      MemorySegment x, MemorySegment y, long base, float mean, float factor, MemorySegment weight) {
    long i = 0;
    for (; i + COUNT <= width; i += COUNT) {
      FloatVector v = Lanes.load(x, base + i).sub(mean).mul(factor);
      Lanes.store(v.mul(Lanes.load(weight, i)), y, base + i);
    }
    if (i < width) {
      VectorMask<Float> rest = Lanes.first(width - i);
      FloatVector v = Lanes.load(x, base + i, rest).sub(mean).mul(factor);
      Lanes.store(v.mul(Lanes.load(weight, i, rest)), y, base + i, rest);
    }
  }

  private void scale(
      MemorySegment x,
      MemorySegment y,
      long base,
      float mean,
      float factor,
      MemorySegment scale,
      MemorySegment shift) {
    long i = 0;
    for (; i + COUNT <= width; i += COUNT) {
      FloatVector v = Lanes.load(x, base + i).sub(mean).mul(factor);
      FloatVector w = Lanes.load(scale, i).add(offset);
      Lanes.store(v.fma(w, Lanes.load(shift, i)), y, base + i);
    }
    if (i < width) {
      VectorMask<Float> rest = Lanes.first(width - i);
      FloatVector v = Lanes.load(x, base + i, rest).sub(mean).mul(factor);
      FloatVector w = Lanes.load(scale, i, rest).add(offset);
      Lanes.store(v.fma(w, Lanes.load(shift, i, rest)), y, base + i, rest);
    }
  }
}
