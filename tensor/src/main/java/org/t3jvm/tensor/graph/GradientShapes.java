package org.t3jvm.tensor.graph;

import static org.t3jvm.tensor.graph.ShapeRules.f32;
import static org.t3jvm.tensor.graph.ShapeRules.require;
import static org.t3jvm.tensor.graph.ShapeRules.vector;

import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;

/** The result shapes of {@link GradientOp}s, as {@link ShapeRules} has those of the other ops. */
final class GradientShapes {
  private GradientShapes() {}

  static Shape of(GradientOp op) {
    return switch (op) {
      case GradientOp.Broadcast broadcast -> broadcast(broadcast);
      case GradientOp.UnaryGrad unary -> same(op, unary.x(), unary.dy());
      case GradientOp.ClampGrad clamp -> same(op, clamp.x(), clamp.dy());
      case GradientOp.NormGrad norm -> {
        Shape x = same(op, norm.x(), norm.dy());
        require(op, x.rank() >= 1, "needs at least one axis", op.operands());
        vector(op, norm.weight(), x.dim(-1), "weight");
        yield x;
      }
      case GradientOp.ScatterAdd scatter -> scatterAdd(scatter);
      case GradientOp.Conv3dWeightGrad conv -> {
        Shape y = ShapeRules.conv3d(op, f32(op, conv.x()), conv.weight(), conv.geometry());
        require(
            op,
            f32(op, conv.dy()).equals(y),
            "dy must be " + y + " for a weight " + conv.weight(),
            op.operands());
        Shape w = conv.weight();
        yield Shape.of(w.dim(0), w.dim(2), w.dim(3), w.dim(4), w.dim(1));
      }
      case GradientOp.SavedAttention saved -> {
        requireOnePass(op, saved.attention());
        ShapeRules.attention(saved.attention());
        yield Shape.of(savedElements(saved.attention()));
      }
      case GradientOp.AttentionGrad grad -> attentionGrad(grad);
    };
  }

  private static Shape broadcast(GradientOp.Broadcast op) {
    Shape x = f32(op, op.x());
    Shape y = op.shape();
    boolean fits = x.rank() <= y.rank();
    for (int i = 1; fits && i <= x.rank(); i++) {
      fits = x.dim(-i) == y.dim(-i) || x.dim(-i) == 1;
    }
    require(op, fits, "x does not broadcast to " + y, op.operands());
    return y;
  }

  private static Shape same(Op op, Value x, Value dy) {
    require(op, f32(op, x).equals(f32(op, dy)), "x and dy must have one shape", op.operands());
    return x.shape();
  }

  private static Shape scatterAdd(GradientOp.ScatterAdd op) {
    Shape x = f32(op, op.x());
    Shape ids = op.ids().shape();
    require(
        op,
        op.ids().dtype() == DType.I64
            && x.rank() == ids.rank() + 1
            && x.elements() == ids.elements() * x.dim(-1)
            && op.rows() >= 0,
        "ids must be I64 [S...] and x [S..., D]",
        op.operands());
    return Shape.of(op.rows(), x.dim(-1));
  }

  private static Shape attentionGrad(GradientOp.AttentionGrad op) {
    Op.Attention attention = op.attention();
    requireOnePass(op, attention);
    Shape q = ShapeRules.attention(attention);
    long keys = attention.k().shape().dim(0);
    require(op, f32(op, op.dy()).equals(q), "dy must be " + q, op.operands());
    require(
        op,
        f32(op, op.saved()).equals(Shape.of(savedElements(attention))),
        "the saved attention must be [%d]".formatted(savedElements(attention)),
        op.operands());
    long scores = op.ofScores() ? attention.heads() * q.dim(0) * keys : 0;
    require(
        op,
        !op.ofScores() || attention.pattern() instanceof AttentionPattern.Full,
        "gradients of scores need the full pattern",
        op.operands());
    return Shape.of(q.elements() + 2 * keys * q.dim(1) + scores);
  }

  private static long savedElements(Op.Attention op) {
    return op.q().shape().elements() + op.heads() * op.q().shape().dim(0);
  }

  private static void requireOnePass(Op op, Op.Attention attention) {
    boolean both =
        attention.pattern() instanceof AttentionPattern.Windows windows
            && windows.simplified().grouping() == AttentionPattern.Grouping.BOTH;
    require(op, !both, "takes one pass at a time, close or remote", op.operands());
  }
}
