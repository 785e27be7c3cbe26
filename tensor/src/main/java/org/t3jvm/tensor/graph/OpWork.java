package org.t3jvm.tensor.graph;

import org.t3jvm.tensor.Shape;

/** How much work the op of a value is, counted from shapes alone. */
public final class OpWork {
  private OpWork() {}

  /**
   * Floating-point operations of products, convolutions and attention, a multiplication and an
   * addition counting as two, and of their gradients; 0 for other ops, which memory bounds.
   */
  public static double flop(Value value) {
    return 2.0
        * switch (value.op()) {
          case Op.Linear linear -> value.shape().elements() * (double) linear.x().shape().dim(-1);
          case Op.MatMul product -> value.shape().elements() * (double) product.a().shape().dim(-1);
          case Op.Attention attention -> attention(attention);
          case Op.Conv3d conv -> value.shape().elements() * (double) conv.weight().shape().inner(0);
          case GradientOp.Conv3dWeightGrad conv ->
              value.shape().elements() * (double) conv.dy().shape().outer(3);
          case GradientOp.SavedAttention saved -> attention(saved.attention());
          case GradientOp.AttentionGrad grad -> 2.5 * attention(grad.attention());
          case Op.Given _,
              Op.Elementwise _,
              Op.RowWise _,
              Op.Reduction _,
              Op.Widening _,
              MovementOp _,
              GradientOp _ ->
              0;
        };
  }

  /**
   * Multiply-adds: every query meets its keys twice, in the scores and in the weighted sum, and
   * five times for the gradients.
   */
  private static double attention(Op.Attention attention) {
    Shape q = attention.q().shape();
    double pairs = attention.pattern().simplified().scores(q.dim(0), attention.k().shape().dim(0));
    return 2 * pairs * q.dim(1);
  }

  /** Bytes of a value's elements. */
  public static long bytes(Value value) {
    return value.shape().elements() * value.dtype().byteSize();
  }
}
