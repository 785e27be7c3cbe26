package org.t3jvm.tensor.cpu;

import static org.t3jvm.tensor.cpu.Lanes.COUNT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** {@link Op.Norm}: x [..., D], row by row; may run in place. */
final class NormKernel extends RangeKernel {
  private final Op.Norm op;
  private final Value out;
  private final long width;

  NormKernel(Op.Norm op, Value out) {
    super(out.shape().outer(out.shape().rank() - 1), out.shape().dim(-1));
    this.op = op;
    this.out = out;
    this.width = out.shape().dim(-1);
  }

  @Override
  boolean countsRows() {
    return true;
  }

  @Override
  public int scratchFloats() {
    return COUNT;
  }

  @Override
  void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(op.x());
    MemorySegment y = frame.segment(out);
    @Nullable MemorySegment weight = op.weight() == null ? null : frame.segment(op.weight());
    @Nullable MemorySegment bias = op.bias() == null ? null : frame.segment(op.bias());
    for (long row = from; row < to; row++) {
      long base = row * width;
      float mean =
          op.kind() == Op.Norm.Kind.LAYER
              ? (float) (RowSums.sum(x, base, width, scratch) / width)
              : 0;
      float factor = factor(RowSums.squares(x, base, width, mean, scratch));
      if (weight == null) {
        scale(x, y, base, mean, factor);
      } else {
        scale(x, y, base, mean, factor, weight);
      }
      if (bias != null) {
        VectorLoops.add(y, base, bias, 0, y, base, width);
      }
    }
  }

  private float factor(double squares) {
    return (float)
        switch (op.kind()) {
          case RMS, LAYER -> 1 / Math.sqrt(squares / width + op.eps());
          case L2 -> Math.sqrt((double) width) / Math.max(Math.sqrt(squares), op.eps());
        };
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
}
