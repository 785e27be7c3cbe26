package org.t3jvm.tensor.grad;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Ops that move elements: their gradients move back. */
final class MoveRules {
  private MoveRules() {}

  static void permute(MovementOp.Permute op, Value dy, Reverse reverse) {
    Integer[] back = new Integer[op.axes().size()];
    for (int i = 0; i < back.length; i++) {
      back[op.axes().get(i)] = i;
    }
    reverse.add(op.x(), reverse.tracer().permute(dy, back));
  }

  static void concat(MovementOp.Concat op, Value dy, Reverse reverse) {
    long start = 0;
    for (Value part : op.parts()) {
      long length = part.shape().dim(op.axis());
      if (reverse.wants(part)) {
        reverse.add(part, reverse.tracer().slice(dy, op.axis(), start, length));
      }
      start += length;
    }
  }

  /** Sums over the squares that an element was repeated over. */
  static void upsample(MovementOp.Upsample op, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    Shape x = op.x().shape();
    int f = op.factor();
    Value rows = g.reshape(dy, x.dim(0) * x.dim(1), f, x.dim(2), f, x.dim(3));
    Value columns = g.reduce(Op.Reduce.Kind.SUM, g.reduce(Op.Reduce.Kind.SUM, rows, 1), 3);
    reverse.add(op.x(), reverse.reshape(columns, x));
  }
}
