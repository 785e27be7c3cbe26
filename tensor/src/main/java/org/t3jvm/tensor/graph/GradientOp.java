package org.t3jvm.tensor.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;

/**
 * What reverse mode appends to a graph. Where a device has no kernel for one, the host computes it.
 */
public sealed interface GradientOp extends Op.Computed {
  /** x in a larger shape, repeated along right-aligned axes where it has extent 1 or none. */
  record Broadcast(Value x, Shape shape) implements GradientOp {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Broadcast mapOperands(UnaryOperator<Value> to) {
      return new Broadcast(to.apply(x), shape);
    }
  }

  /** {@code dy f'(x)} of a {@link Unary} function f; x and dy of one shape. */
  record UnaryGrad(Unary.Kind kind, Value x, Value dy) implements GradientOp {
    @Override
    public List<Value> operands() {
      return List.of(x, dy);
    }

    @Override
    public UnaryGrad mapOperands(UnaryOperator<Value> to) {
      return new UnaryGrad(kind, to.apply(x), to.apply(dy));
    }

    @Override
    public List<Value> overwritable() {
      return List.of(dy, x);
    }
  }

  /** dy where {@code low <= x <= high}, else 0; x and dy of one shape. */
  record ClampGrad(Value x, float low, float high, Value dy) implements GradientOp {
    @Override
    public List<Value> operands() {
      return List.of(x, dy);
    }

    @Override
    public ClampGrad mapOperands(UnaryOperator<Value> to) {
      return new ClampGrad(to.apply(x), low, high, to.apply(dy));
    }

    @Override
    public List<Value> overwritable() {
      return List.of(dy, x);
    }
  }

  /** Gradient of x [..., D] from that of its {@link Norm}, whose bias does not matter. */
  record NormGrad(Norm.Kind kind, Value x, @Nullable Value weight, Value dy, float eps)
      implements GradientOp {
    @Override
    public List<Value> operands() {
      return weight == null ? List.of(x, dy) : List.of(x, weight, dy);
    }

    @Override
    public NormGrad mapOperands(UnaryOperator<Value> to) {
      return new NormGrad(
          kind, to.apply(x), weight == null ? null : to.apply(weight), to.apply(dy), eps);
    }

    @Override
    public List<Value> overwritable() {
      return List.of(dy);
    }
  }

  /**
   * Sums rows x [S..., D] at ids (I64, shape S) into a table F32 [rows, D], which starts at 0; rows
   * of one id are added in their order.
   */
  record ScatterAdd(Value ids, Value x, long rows) implements GradientOp {
    @Override
    public List<Value> operands() {
      return List.of(ids, x);
    }

    @Override
    public ScatterAdd mapOperands(UnaryOperator<Value> to) {
      return new ScatterAdd(to.apply(ids), to.apply(x), rows);
    }
  }

  /**
   * Gradient of the weight [O, C, kt, kh, kw] of a {@link Conv3d}, as [O, kt, kh, kw, C], from x
   * [T, H, W, C] and from that of the result, dy [T', H', W', O].
   */
  record Conv3dWeightGrad(Value x, Value dy, Shape weight, ConvGeometry geometry)
      implements GradientOp {
    @Override
    public List<Value> operands() {
      return List.of(x, dy);
    }

    @Override
    public Conv3dWeightGrad mapOperands(UnaryOperator<Value> to) {
      return new Conv3dWeightGrad(to.apply(x), to.apply(dy), weight, geometry);
    }
  }

  /**
   * An attention of one pass with what its gradient needs, as one vector: the result [Nq, heads*d]
   * and then, as [heads, Nq], the logarithm of each softmax's sum of powers, {@code log sum
   * exp(scale q k + bias)}.
   */
  record SavedAttention(Attention attention) implements GradientOp {
    @Override
    public List<Value> operands() {
      return attention.operands();
    }

    @Override
    public SavedAttention mapOperands(UnaryOperator<Value> to) {
      return new SavedAttention(attention.mapOperands(to));
    }
  }

  /**
   * Gradients of an attention's operands from a {@link SavedAttention} and the gradient dy [Nq,
   * heads*d] of its result, as one vector: those of q [Nq, heads*d], k and v [Nk, heads*d], and, if
   * asked for, those of the scores [heads, Nq, Nk], which are the bias's before broadcasting.
   */
  record AttentionGrad(Attention attention, Value saved, Value dy, boolean ofScores)
      implements GradientOp {
    @Override
    public List<Value> operands() {
      List<Value> operands = new ArrayList<>(attention.operands());
      operands.add(saved);
      operands.add(dy);
      return List.copyOf(operands);
    }

    @Override
    public AttentionGrad mapOperands(UnaryOperator<Value> to) {
      return new AttentionGrad(attention.mapOperands(to), to.apply(saved), to.apply(dy), ofScores);
    }
  }
}
