package org.t3jvm.tensor.grad;

import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TraceException;
import org.t3jvm.tensor.graph.Value;

/** The rule of every op: what its result's gradient adds to those of its operands. */
final class Rules {
  private Rules() {}

  /**
   * Applies the rule of a value's op.
   *
   * @param y a value of the given graph
   * @param dy its gradient, in the new graph
   */
  static void apply(Value y, Value dy, Reverse reverse) {
    switch (y.op()) {
      case Op.Given _ -> {}
      case Op.Linear op -> ProductRules.linear(op, dy, reverse);
      case Op.MatMul op -> ProductRules.matMul(op, dy, reverse);
      case Op.Attention op -> AttentionRule.attention(op, y, dy, reverse);
      case Op.Conv3d op -> ConvRule.conv3d(op, dy, reverse);
      case Op.Norm op -> NormRules.norm(op, dy, reverse);
      case Op.RmsFactor op -> NormRules.rmsFactor(op, y, dy, reverse);
      case Op.Rope op -> RowRules.rope(op, dy, reverse);
      case Op.Softmax op -> RowRules.softmax(op, y, dy, reverse);
      case Op.Reduce op -> RowRules.reduce(op, y, dy, reverse);
      case Op.Embedding op -> RowRules.embedding(op, dy, reverse);
      case Op.Unary op -> ElementwiseRules.unary(op, dy, reverse);
      case Op.Affine op -> ElementwiseRules.affine(op, dy, reverse);
      case Op.Clamp op -> ElementwiseRules.clamp(op, dy, reverse);
      case Op.Binary op -> ElementwiseRules.binary(op, y, dy, reverse);
      case Op.Modulate op -> ElementwiseRules.modulate(op, dy, reverse);
      case Op.GatedResidual op -> ElementwiseRules.gatedResidual(op, dy, reverse);
      case MovementOp.Cast op -> reverse.add(op.x(), dy);
      case MovementOp.Reshape op -> reverse.add(op.x(), reverse.reshape(dy, op.x().shape()));
      case MovementOp.Permute op -> MoveRules.permute(op, dy, reverse);
      case MovementOp.Slice op -> reverse.add(op.x(), op.axis(), op.start(), dy);
      case MovementOp.Concat op -> MoveRules.concat(op, dy, reverse);
      case MovementOp.Upsample op -> MoveRules.upsample(op, dy, reverse);
      case GradientOp.Broadcast op -> reverse.add(op.x(), reverse.sumTo(dy, op.x().shape()));
      case Op.Scaled op -> throw none(y);
      case GradientOp op -> throw none(y);
    }
  }

  static TraceException none(Value y) {
    return new TraceException(
        y.op().opName(), "has no gradient, wanted of " + y + "; only F32 weights can be trained");
  }
}
