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
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link GradientOp.UnaryGrad} and {@link GradientOp.ClampGrad}: a gradient times a function's
 * derivative at x. As in {@link VectorLoops}, each function has its own loop.
 */
public final class DerivativeKernel extends RangeKernel {
  private final Function function;
  private final Value x;
  private final Value dy;
  private final Value out;

  /** Writes the products of elements {@code [from, to)}. */
  @FunctionalInterface
  private interface Function {
    void run(MemorySegment x, MemorySegment dy, MemorySegment y, long from, long to);
  }

  private DerivativeKernel(Function function, Value x, Value dy, Value out) {
    super(out.shape().elements(), 1);
    this.function = function;
    this.x = x;
    this.dy = dy;
    this.out = out;
  }

  public static DerivativeKernel of(GradientOp.UnaryGrad op, Value out) {
    Function function =
        switch (op.kind()) {
          case SILU -> DerivativeKernel::silu;
          case GELU_TANH -> DerivativeKernel::geluTanh;
          case EXP -> DerivativeKernel::exp;
          case SQRT -> DerivativeKernel::sqrt;
        };
    return new DerivativeKernel(function, op.x(), op.dy(), out);
  }

  public static DerivativeKernel of(GradientOp.ClampGrad op, Value out) {
    return new DerivativeKernel(
        (x, dy, y, from, to) -> clamp(x, dy, y, from, to, op.low(), op.high()),
        op.x(),
        op.dy(),
        out);
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    function.run(frame.segment(x), frame.segment(dy), frame.segment(out), from, to);
  }

  private static void silu(MemorySegment x, MemorySegment dy, MemorySegment y, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(VectorMath.siluDerivative(load(x, i)).mul(load(dy, i)), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(VectorMath.siluDerivative(load(x, i, m)).mul(load(dy, i, m)), y, i, m);
    }
  }

  private static void geluTanh(
      MemorySegment x, MemorySegment dy, MemorySegment y, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(VectorMath.geluTanhDerivative(load(x, i)).mul(load(dy, i)), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(VectorMath.geluTanhDerivative(load(x, i, m)).mul(load(dy, i, m)), y, i, m);
    }
  }

  private static void exp(MemorySegment x, MemorySegment dy, MemorySegment y, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(VectorMath.exp(load(x, i)).mul(load(dy, i)), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(VectorMath.exp(load(x, i, m)).mul(load(dy, i, m)), y, i, m);
    }
  }

  private static void sqrt(MemorySegment x, MemorySegment dy, MemorySegment y, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(load(dy, i).mul(0.5f).div(load(x, i).sqrt()), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(load(dy, i, m).mul(0.5f).div(load(x, i, m).sqrt()), y, i, m);
    }
  }

  private static void clamp(
      MemorySegment x,
      MemorySegment dy,
      MemorySegment y,
      long from,
      long to,
      float low,
      float high) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      store(clamp(load(x, i), load(dy, i), low, high), y, i);
    }
    if (i < to) {
      VectorMask<Float> m = first(to - i);
      store(clamp(load(x, i, m), load(dy, i, m), low, high), y, i, m);
    }
  }

  private static FloatVector clamp(FloatVector x, FloatVector dy, float low, float high) {
    return dy.blend(0f, x.compare(VectorOperators.LT, low))
        .blend(0f, x.compare(VectorOperators.GT, high));
  }
}
