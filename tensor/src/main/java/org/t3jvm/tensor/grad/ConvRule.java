package org.t3jvm.tensor.grad;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Convolution. The gradient of x is a convolution of the result's gradient, spread out by the
 * strides, with the turned weight. Where x is an upsampling, that of the upsampling's operand is
 * one too, with a stride: its weight is the sum of the turned weight's shifts.
 */
final class ConvRule {
  private final Reverse reverse;
  private final Tracer g;
  private final Op.Conv3d op;

  private ConvRule(Op.Conv3d op, Reverse reverse) {
    this.reverse = reverse;
    this.g = reverse.tracer();
    this.op = op;
  }

  static void conv3d(Op.Conv3d op, Value dy, Reverse reverse) {
    ConvRule rule = new ConvRule(op, reverse);
    if (reverse.wants(op.x())) {
      rule.ofX(dy);
    }
    if (reverse.wants(op.weight())) {
      rule.ofWeight(dy);
    }
    if (op.bias() != null && reverse.wants(op.bias())) {
      reverse.add(op.bias(), reverse.sumTo(dy, op.bias().shape()));
    }
  }

  private void ofWeight(Value dy) {
    // An upsampled x is made once more, so that the convolution alone may read the first one.
    Value x =
        op.x().op() instanceof MovementOp.Upsample upsample
            ? g.upsample(reverse.of(upsample.x()), upsample.factor())
            : reverse.of(op.x());
    Shape shape = op.weight().shape();
    Value channelsLast = g.append(new GradientOp.Conv3dWeightGrad(x, dy, shape, op.geometry()));
    reverse.add(op.weight(), g.permute(channelsLast, 0, 4, 1, 2, 3));
  }

  private void ofX(Value dy) {
    ConvGeometry geometry = op.geometry();
    boolean folded =
        op.x().op() instanceof MovementOp.Upsample
            && geometry.strideH() == 1
            && geometry.strideW() == 1;
    Value target = op.x();
    int factor = 1;
    if (folded && op.x().op() instanceof MovementOp.Upsample upsample) {
      target = upsample.x();
      factor = upsample.factor();
    }
    Axis t = axis(0, 1, geometry.strideT(), geometry.padTBefore(), target);
    Axis h = axis(1, factor, geometry.strideH(), geometry.padHBefore(), target);
    Axis w = axis(2, factor, geometry.strideW(), geometry.padWBefore(), target);
    Value weight = g.permute(reverse.of(op.weight()), 1, 0, 2, 3, 4);
    Value spread = dy;
    for (Axis axis : List.of(t, h, w)) {
      weight = axis.shifts(axis.turned(weight));
      spread = axis.fitting(axis.spread(spread));
    }
    ConvGeometry back =
        new ConvGeometry(
            1,
            factor,
            factor,
            t.padBefore(),
            t.padAfter(spread),
            h.padBefore(),
            h.padAfter(spread),
            w.padBefore(),
            w.padAfter(spread));
    reverse.add(target, g.conv3d(spread, weight, null, back));
  }

  private Axis axis(int axis, int factor, int stride, int pad, Value target) {
    int kernel = op.weight().shape().intDim(2 + axis);
    return new Axis(axis, kernel, factor, stride, pad, target.shape().intDim(axis));
  }

  /** One of t, h and w. */
  private final class Axis {
    /** Index in x. */
    private final int index;

    /** Taps of the weight. */
    private final int kernel;

    /** How often x repeats its operand. */
    private final int factor;

    /** Stride of the convolution. */
    private final int stride;

    /** Padding of the gradient's convolution, which may be negative. */
    private final int before;

    /** Extent of the gradient. */
    private final int extent;

    Axis(int index, int kernel, int factor, int stride, int pad, int extent) {
      this.index = index;
      this.kernel = kernel;
      this.factor = factor;
      this.stride = stride;
      this.before = kernel - 1 - pad;
      this.extent = extent;
    }

    /** The weight's taps in reverse order. */
    Value turned(Value weight) {
      if (kernel == 1) {
        return weight;
      }
      Value[] taps = new Value[kernel];
      for (int tap = 0; tap < kernel; tap++) {
        taps[kernel - 1 - tap] = g.slice(weight, 2 + index, tap, 1);
      }
      return g.concat(2 + index, taps);
    }

    /** The sum of {@code factor} weights, each one tap later than the one before. */
    Value shifts(Value weight) {
      if (factor == 1) {
        return weight;
      }
      int axis = 2 + index;
      Value zero = reverse.zeros(weight.shape().with(axis, 1));
      Value wide = g.cast(weight, zero.dtype());
      Value sum = null;
      for (int shift = 0; shift < factor; shift++) {
        List<Value> taps = new ArrayList<>();
        for (int i = 0; i < factor; i++) {
          taps.add(i == shift ? wide : zero);
        }
        Value shifted = g.concat(axis, taps.toArray(Value[]::new));
        sum = sum == null ? shifted : g.add(sum, shifted);
      }
      return Objects.requireNonNull(sum);
    }

    /** The result's gradient with zeros where the convolution made none. */
    Value spread(Value dy) {
      if (stride == 1) {
        return dy;
      }
      Shape shape = dy.shape();
      Shape one = Shape.of(shape.outer(index), shape.dim(index), 1, shape.inner(index));
      Value zeros = reverse.zeros(one.with(2, stride - 1));
      Value joined = g.concat(2, reverse.reshape(dy, one), zeros);
      return reverse.reshape(joined, shape.with(index, shape.dim(index) * stride));
    }

    /** What is seen of the gradient where padding would be negative. */
    Value fitting(Value dy) {
      long first = Math.max(0, -before);
      long end = Math.min(dy.shape().dim(index), seen() - before);
      long length = end - first;
      return length == dy.shape().dim(index) ? dy : g.slice(dy, index, first, length);
    }

    int padBefore() {
      return Math.max(0, before);
    }

    int padAfter(Value dy) {
      int from = Math.max(0, -before);
      return Math.toIntExact(seen() - before - from - dy.shape().dim(index));
    }

    /** Positions that all results see, from the first padded one on. */
    private long seen() {
      return (extent - 1L) * factor + kernel + factor - 1;
    }
  }
}
