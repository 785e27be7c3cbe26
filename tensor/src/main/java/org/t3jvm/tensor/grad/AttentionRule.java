package org.t3jvm.tensor.grad;

import java.util.List;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Attention of any pattern, pass by pass, without a matrix of all queries and keys. */
final class AttentionRule {
  private AttentionRule() {}

  static void attention(Op.Attention op, Value y, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    List<AttentionPasses.Pass> passes = reverse.passes(y);
    Value share = AttentionPasses.share(g, passes.size(), dy);
    for (AttentionPasses.Pass pass : passes) {
      boolean ofScores = reverse.wants(op.bias());
      Value all = g.append(new GradientOp.AttentionGrad(pass.op(), pass.saved(), share, ofScores));
      long at = 0;
      at += add(op.q(), all, at, op.q().shape(), reverse);
      at += add(op.k(), all, at, op.k().shape(), reverse);
      at += add(op.v(), all, at, op.v().shape(), reverse);
      if (op.bias() != null) {
        Shape scores = Shape.of(op.heads(), op.q().shape().dim(0), op.k().shape().dim(0));
        add(op.bias(), all, at, scores, reverse);
      }
    }
  }

  /** Adds one of the gradients that lie one after the other; how long it is. */
  private static long add(Value operand, Value all, long at, Shape shape, Reverse reverse) {
    if (reverse.wants(operand)) {
      Value part = reverse.tracer().slice(all, 0, at, shape.elements());
      reverse.add(operand, reverse.sumTo(reverse.reshape(part, shape), operand.shape()));
    }
    return shape.elements();
  }
}
