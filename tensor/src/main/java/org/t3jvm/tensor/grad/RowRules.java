package org.t3jvm.tensor.grad;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Ops along an axis: rotary embedding, softmax, reductions, lookup. */
final class RowRules {
  private RowRules() {}

  /** The opposite turn: that of the mirrored pairs, mirrored. */
  static void rope(Op.Rope op, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    float[] signs = new float[op.x().shape().intDim(1)];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = i % 2 == 0 ? 1 : -1;
    }
    Value mirror = g.constant(Tensor.ofFloats(Shape.of(signs.length), signs));
    Value turned = g.rope(g.mul(dy, mirror), op.heads(), op.grid());
    reverse.add(op.x(), g.mul(turned, mirror));
  }

  /** {@code dx = y (dy - sum(y dy))}. */
  static void softmax(Op.Softmax op, Value y, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    Value weights = reverse.of(y);
    Value sum = g.reduce(Op.Reduce.Kind.SUM, g.mul(weights, dy), -1);
    reverse.add(op.x(), g.mul(weights, g.sub(dy, sum)));
  }

  static void reduce(Op.Reduce op, Value y, Value dy, Reverse reverse) {
    Shape shape = op.x().shape();
    Value each =
        switch (op.kind()) {
          case SUM -> dy;
          case MEAN -> reverse.tracer().affine(dy, 1f / shape.dim(op.axis()), 0);
          case MAX -> throw Rules.none(y);
        };
    reverse.add(op.x(), reverse.tracer().append(new GradientOp.Broadcast(each, shape)));
  }

  static void embedding(Op.Embedding op, Value dy, Reverse reverse) {
    long rows = op.table().shape().dim(0);
    reverse.add(
        op.table(),
        reverse.tracer().append(new GradientOp.ScatterAdd(reverse.of(op.ids()), dy, rows)));
  }
}
