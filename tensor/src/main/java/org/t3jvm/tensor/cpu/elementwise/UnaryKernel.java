package org.t3jvm.tensor.cpu.elementwise;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;
import static org.t3jvm.tensor.cpu.vector.Lanes.first;
import static org.t3jvm.tensor.cpu.vector.Lanes.load;
import static org.t3jvm.tensor.cpu.vector.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.cpu.vector.VectorMath;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link Op.Unary}, {@link Op.Affine} and {@link Op.Clamp}: x of any shape; may run in place. As in
 * {@link VectorLoops}, each function has its own loop.
 */
public final class UnaryKernel extends RangeKernel {
  /** One function over a range of elements. */
  private interface Loop {
    void run(MemorySegment x, MemorySegment y, long from, long to);
  }

  private final Loop loop;
  private final Value x;
  private final Value out;

  public UnaryKernel(Op.Unary op, Value out) {
    this(
        switch (op.kind()) {
          case SILU -> UnaryKernel::silu;
          case GELU_TANH -> UnaryKernel::geluTanh;
          case EXP -> UnaryKernel::exp;
          case SQRT -> UnaryKernel::sqrt;
        },
        op.x(),
        out);
  }

  public UnaryKernel(Op.Affine op, Value out) {
    this(
        (x, y, from, to) ->
            VectorLoops.affine(x, from, op.scale(), op.offset(), y, from, to - from),
        op.x(),
        out);
  }

  public UnaryKernel(Op.Clamp op, Value out) {
    this((x, y, from, to) -> clamp(x, y, from, to, op.low(), op.high()), op.x(), out);
  }

  private UnaryKernel(Loop loop, Value x, Value out) {
    super(out.shape().elements(), 1);
    this.loop = loop;
    this.x = x;
    this.out = out;
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    loop.run(frame.segment(x), frame.segment(out), from, to);
  }

  private static void silu(MemorySegment x, MemorySegment y, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(VectorMath.silu(load(x, i)), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(VectorMath.silu(load(x, i, m)), y, i, m);
    }
  }

  private static void geluTanh(MemorySegment x, MemorySegment y, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(VectorMath.geluTanh(load(x, i)), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(VectorMath.geluTanh(load(x, i, m)), y, i, m);
    }
  }

  private static void exp(MemorySegment x, MemorySegment y, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(VectorMath.exp(load(x, i)), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(VectorMath.exp(load(x, i, m)), y, i, m);
    }
  }

  private static void sqrt(MemorySegment x, MemorySegment y, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(load(x, i).sqrt(), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(load(x, i, m).sqrt(), y, i, m);
    }
  }

  private static void clamp(
      MemorySegment x, MemorySegment y, long from, long to, float low, float high) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(clamp(load(x, i), low, high), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(clamp(load(x, i, m), low, high), y, i, m);
    }
  }

  private static FloatVector clamp(FloatVector x, float low, float high) {
    FloatVector raised = x.blend(low, x.compare(VectorOperators.LT, low));
    return raised.blend(high, raised.compare(VectorOperators.GT, high));
  }
}
