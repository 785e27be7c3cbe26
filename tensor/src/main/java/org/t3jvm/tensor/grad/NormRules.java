package org.t3jvm.tensor.grad;

import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Norms of the last axis. */
final class NormRules {
  private NormRules() {}

  static void norm(Op.Norm op, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    Value x = reverse.of(op.x());
    if (reverse.wants(op.x())) {
      Value weight = reverse.ofNullable(op.weight());
      reverse.add(op.x(), g.append(new GradientOp.NormGrad(op.kind(), x, weight, dy, op.eps())));
    }
    if (op.weight() != null && reverse.wants(op.weight())) {
      // Computed once more rather than kept, as it is about as large as all that is kept of a norm.
      Value normed = g.append(new Op.Norm(op.kind(), x, null, null, op.eps()));
      reverse.add(op.weight(), reverse.sumTo(g.mul(dy, normed), op.weight().shape()));
    }
    if (op.bias() != null && reverse.wants(op.bias())) {
      reverse.add(op.bias(), reverse.sumTo(dy, op.bias().shape()));
    }
  }

  /** {@code dx = -y^3 dy x / D}. */
  static void rmsFactor(Op.RmsFactor op, Value y, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    Value factor = reverse.of(y);
    Value cubed = g.mul(g.mul(factor, factor), factor);
    Value slope = g.affine(g.mul(cubed, dy), -1f / op.x().shape().dim(-1), 0);
    reverse.add(op.x(), g.mul(reverse.of(op.x()), slope));
  }
}
