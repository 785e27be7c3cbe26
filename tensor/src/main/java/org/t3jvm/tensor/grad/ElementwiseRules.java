package org.t3jvm.tensor.grad;

import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Elementwise functions; what was broadcast is summed. */
final class ElementwiseRules {
  private ElementwiseRules() {}

  static void unary(Op.Unary op, Value dy, Reverse reverse) {
    Value x = reverse.of(op.x());
    reverse.add(op.x(), reverse.tracer().append(new GradientOp.UnaryGrad(op.kind(), x, dy)));
  }

  static void affine(Op.Affine op, Value dy, Reverse reverse) {
    reverse.add(op.x(), op.scale() == 1 ? dy : reverse.tracer().affine(dy, op.scale(), 0));
  }

  static void clamp(Op.Clamp op, Value dy, Reverse reverse) {
    Value x = reverse.of(op.x());
    reverse.add(
        op.x(), reverse.tracer().append(new GradientOp.ClampGrad(x, op.low(), op.high(), dy)));
  }

  static void binary(Op.Binary op, Value y, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    Value a = reverse.of(op.a());
    Value b = reverse.of(op.b());
    if (reverse.wants(op.a())) {
      Value da =
          switch (op.kind()) {
            case ADD, SUB -> dy;
            case MUL -> g.mul(dy, b);
            case DIV -> g.div(dy, b);
          };
      reverse.add(op.a(), reverse.sumTo(da, op.a().shape()));
    }
    if (reverse.wants(op.b())) {
      Value db =
          switch (op.kind()) {
            case ADD -> dy;
            case SUB -> g.affine(dy, -1, 0);
            case MUL -> g.mul(dy, a);
            case DIV -> g.affine(g.div(g.mul(dy, reverse.of(y)), b), -1, 0);
          };
      reverse.add(op.b(), reverse.sumTo(db, op.b().shape()));
    }
  }

  /** Of {@code x (1 + scale) + shift}. */
  static void modulate(Op.Modulate op, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    if (reverse.wants(op.x())) {
      reverse.add(op.x(), g.gatedResidual(dy, reverse.of(op.scale()), dy));
    }
    if (reverse.wants(op.scale())) {
      Value products = g.mul(dy, reverse.of(op.x()));
      reverse.add(op.scale(), reverse.sumTo(products, op.scale().shape()));
    }
    if (reverse.wants(op.shift())) {
      reverse.add(op.shift(), reverse.sumTo(dy, op.shift().shape()));
    }
  }

  /** Of {@code x + gate y}. */
  static void gatedResidual(Op.GatedResidual op, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    if (reverse.wants(op.x())) {
      reverse.add(op.x(), dy);
    }
    if (reverse.wants(op.gate())) {
      Value products = g.mul(dy, reverse.of(op.y()));
      reverse.add(op.gate(), reverse.sumTo(products, op.gate().shape()));
    }
    if (reverse.wants(op.y())) {
      reverse.add(op.y(), g.mul(dy, reverse.of(op.gate())));
    }
  }
}
