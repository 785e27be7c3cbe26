package org.t3jvm.tensor.cpu.plan;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Ops whose result rows depend on the same rows of some operands and on all of the others, so that
 * any rows can be computed without the rest.
 */
final class RowOps {
  /** Gives the operands of a rewritten op. */
  interface Operands {
    /** Stands for the rows of an operand that go with the result's. */
    Value rows(Value operand);

    /** Stands for all of an operand. */
    Value whole(Value operand);
  }

  private RowOps() {}

  /** Whether the op of value [N, D] computes its rows independently. */
  static boolean has(Value value) {
    if (value.shape().rank() != 2) {
      return false;
    }
    return switch (value.op()) {
      case Op.Linear linear -> true;
      case Op.Norm norm -> true;
      case Op.RmsFactor factor -> true;
      case Op.Concat concat -> concat.axis() == 1;
      case Op.Unary unary -> true;
      case Op.Affine affine -> true;
      case Op.Clamp clamp -> true;
      case Op.Binary binary -> true;
      case Op.Modulate modulate -> true;
      case Op.GatedResidual residual -> true;
      case Op.Attention attention ->
          attention.pattern() instanceof AttentionPattern.Full
              && (attention.bias() == null || attention.bias().shape().dim(1) == 1);
      default -> false;
    };
  }

  /** The op of a value that {@link #has} accepts, over other operands. */
  static Op rewrite(Value value, Operands to) {
    UnaryOperator<Value> aligned =
        operand -> isAligned(operand, value) ? to.rows(operand) : to.whole(operand);
    return switch (value.op()) {
      case Op.Linear op ->
          new Op.Linear(to.rows(op.x()), to.whole(op.weight()), whole(op.bias(), to));
      case Op.Norm op ->
          new Op.Norm(
              op.kind(), to.rows(op.x()), whole(op.weight(), to), whole(op.bias(), to), op.eps());
      case Op.RmsFactor op -> new Op.RmsFactor(to.rows(op.x()), op.eps());
      case Op.Concat op -> new Op.Concat(op.parts().stream().map(to::rows).toList(), op.axis());
      case Op.Unary op -> new Op.Unary(op.kind(), to.rows(op.x()));
      case Op.Affine op -> new Op.Affine(to.rows(op.x()), op.scale(), op.offset());
      case Op.Clamp op -> new Op.Clamp(to.rows(op.x()), op.low(), op.high());
      case Op.Binary op -> new Op.Binary(op.kind(), aligned.apply(op.a()), aligned.apply(op.b()));
      case Op.Modulate op ->
          new Op.Modulate(to.rows(op.x()), aligned.apply(op.shift()), aligned.apply(op.scale()));
      case Op.GatedResidual op ->
          new Op.GatedResidual(to.rows(op.x()), aligned.apply(op.gate()), to.rows(op.y()));
      case Op.Attention op ->
          new Op.Attention(
              to.rows(op.q()),
              to.whole(op.k()),
              to.whole(op.v()),
              op.heads(),
              op.scale(),
              op.pattern(),
              whole(op.bias(), to));
      default -> throw new IllegalArgumentException(value + " is not computed row by row");
    };
  }

  private static @Nullable Value whole(@Nullable Value operand, Operands to) {
    return operand == null ? null : to.whole(operand);
  }

  /** Whether a broadcast operand has the result's rows. */
  private static boolean isAligned(Value operand, Value result) {
    return operand.shape().rank() == 2 && operand.shape().dim(0) == result.shape().dim(0);
  }
}
