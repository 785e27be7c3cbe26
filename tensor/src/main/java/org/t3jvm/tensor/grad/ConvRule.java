package org.t3jvm.tensor.grad;

import java.util.Objects;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Convolution. The gradient of x is a convolution of the result's gradient with the turned weight;
 * with strides it is several, each with the taps that meet some of x's positions ({@link
 * ConvPhase}), which interleave. Where x is an upsampling, that of the upsampling's operand is one
 * convolution too, with a stride: its weight is the sum of the turned weight's shifts.
 */
final class ConvRule {
  private final Reverse reverse;
  private final Tracer g;
  private final Op.Conv3d op;
  private final Shape weight;

  private ConvRule(Op.Conv3d op, Reverse reverse) {
    this.reverse = reverse;
    this.g = reverse.tracer();
    this.op = op;
    this.weight = op.weight().shape();
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
    Value channelsLast = g.append(new GradientOp.Conv3dWeightGrad(x, dy, weight, op.geometry()));
    reverse.add(op.weight(), g.permute(channelsLast, 0, 4, 1, 2, 3));
  }

  private void ofX(Value dy) {
    ConvGeometry geometry = op.geometry();
    Value taps = taps();
    if (op.x().op() instanceof MovementOp.Upsample upsample
        && geometry.strideT() == 1
        && geometry.strideH() == 1
        && geometry.strideW() == 1) {
      reverse.add(upsample.x(), convolution(dy, taps, upsample.x(), upsample.factor(), 0, 0, 0));
      return;
    }
    Value[] frames = new Value[geometry.strideT()];
    for (int t = 0; t < frames.length; t++) {
      Value[] rows = new Value[geometry.strideH()];
      for (int h = 0; h < rows.length; h++) {
        Value[] columns = new Value[geometry.strideW()];
        for (int w = 0; w < columns.length; w++) {
          columns[w] = convolution(dy, taps, op.x(), 1, t, h, w);
        }
        rows[h] = interleaved(columns, 2);
      }
      frames[t] = interleaved(rows, 1);
    }
    reverse.add(op.x(), interleaved(frames, 0));
  }

  /** The weight as rows, one a tap: [kt*kh*kw, C*O]. */
  private Value taps() {
    Value outermost = g.permute(reverse.of(op.weight()), 2, 3, 4, 1, 0);
    return reverse.reshape(outermost, Shape.of(weight.inner(1), weight.dim(1) * weight.dim(0)));
  }

  /** The gradient of the positions of a phase of {@code target}, which x repeats. */
  private Value convolution(Value dy, Value taps, Value target, int factor, int t, int h, int w) {
    ConvGeometry geometry = op.geometry();
    Shape x = target.shape();
    ConvPhase alongT =
        new ConvPhase(
            weight.intDim(2), 1, geometry.strideT(), geometry.padTBefore(), t, x.intDim(0));
    ConvPhase alongH =
        new ConvPhase(
            weight.intDim(3), factor, geometry.strideH(), geometry.padHBefore(), h, x.intDim(1));
    ConvPhase alongW =
        new ConvPhase(
            weight.intDim(4), factor, geometry.strideW(), geometry.padWBefore(), w, x.intDim(2));
    if (alongT.taps() * alongH.taps() * alongW.taps() == 0) {
      return reverse.zeros(
          Shape.of(alongT.positions(), alongH.positions(), alongW.positions(), weight.dim(1)));
    }
    Value turned = shifts(shifts(turned(taps, alongT, alongH, alongW), 3, factor), 4, factor);
    Value seen = seen(seen(seen(dy, 0, alongT), 1, alongH), 2, alongW);
    ConvGeometry back =
        new ConvGeometry(
            1,
            factor,
            factor,
            alongT.padBefore(),
            alongT.padAfter(dy.shape().dim(0)),
            alongH.padBefore(),
            alongH.padAfter(dy.shape().dim(1)),
            alongW.padBefore(),
            alongW.padAfter(dy.shape().dim(2)));
    return g.conv3d(seen, turned, null, back);
  }

  /** The taps of a phase in reverse order, inputs and outputs exchanged: [C, O, kt, kh, kw]. */
  private Value turned(Value taps, ConvPhase t, ConvPhase h, ConvPhase w) {
    int count = t.taps() * h.taps() * w.taps();
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      int line = i / w.taps();
      long row = (long) t.tap(line / h.taps()) * weight.dim(3) + h.tap(line % h.taps());
      order[i] = row * weight.dim(4) + w.tap(i % w.taps());
    }
    Value rows = g.embedding(taps, g.constant(Tensor.ofLongs(Shape.of(count), order)));
    Shape shape = Shape.of(t.taps(), h.taps(), w.taps(), weight.dim(1), weight.dim(0));
    return g.permute(reverse.reshape(rows, shape), 3, 4, 0, 1, 2);
  }

  /** The sum of {@code factor} weights, each one tap later along an axis than the one before. */
  private Value shifts(Value turned, int axis, int factor) {
    if (factor == 1) {
      return turned;
    }
    Value zero = reverse.zeros(turned.shape().with(axis, 1));
    Value sum = null;
    for (int shift = 0; shift < factor; shift++) {
      Value[] taps = new Value[factor];
      for (int i = 0; i < factor; i++) {
        taps[i] = i == shift ? turned : zero;
      }
      Value shifted = g.concat(axis, taps);
      sum = sum == null ? shifted : g.add(sum, shifted);
    }
    return Objects.requireNonNull(sum);
  }

  /** What a phase sees of the result's gradient where padding would be negative. */
  private Value seen(Value dy, int axis, ConvPhase phase) {
    long extent = dy.shape().dim(axis);
    long first = phase.first(extent);
    long length = phase.end(extent) - first;
    return length == extent ? dy : g.slice(dy, axis, first, length);
  }

  /** The positions of x from those of its phases along an axis, of which there may be too many. */
  private Value interleaved(Value[] phases, int axis) {
    if (phases.length == 1) {
      return phases[0];
    }
    Shape shape = phases[0].shape();
    Shape one = Shape.of(shape.outer(axis + 1), 1, shape.inner(axis));
    Value[] parts = new Value[phases.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = reverse.reshape(phases[i], one);
    }
    long positions = shape.dim(axis) * phases.length;
    Value joined = reverse.reshape(g.concat(1, parts), shape.with(axis, positions));
    long extent = op.x().shape().dim(axis);
    return extent == positions ? joined : g.slice(joined, axis, 0, extent);
  }
}
