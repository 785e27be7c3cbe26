package org.t3jvm.bench.peer.torch;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Value;

/** Ops of reverse mode by the functions that libtorch's autograd calls. */
final class TorchGradients {
  private static final long[] LAST = {-1};

  private TorchGradients() {}

  static TorchTensor compute(
      Value value,
      GradientOp gradient,
      TorchOps ops,
      TorchAttention attention,
      TorchLowering.Operands in) {
    return switch (gradient) {
      case GradientOp.Broadcast op -> broadcast(ops, in.apply(op.x()), op.shape());
      case GradientOp.UnaryGrad op -> unary(ops, op, in.apply(op.x()), in.apply(op.dy()));
      case GradientOp.ClampGrad op -> {
        TorchTensor x = in.apply(op.x());
        TorchTensor clamped = ops.call(AtFunction.CLAMP, x, (double) op.low(), (double) op.high());
        yield ops.call(AtFunction.MUL, in.apply(op.dy()), ops.call(AtFunction.EQ, x, clamped));
      }
      case GradientOp.NormGrad op ->
          norm(ops, op, in.apply(op.x()), in.optional(op.weight()), in.apply(op.dy()));
      case GradientOp.Conv3dWeightGrad op ->
          TorchConvolution.weightGradient(ops, op, in.apply(op.x()), in.apply(op.dy()));
      case GradientOp.SavedAttention op ->
          new TorchAttentionGrad(ops, attention, op.attention()).saved(in);
      case GradientOp.AttentionGrad op ->
          new TorchAttentionGrad(ops, attention, op.attention()).gradients(op, in);
      case GradientOp.ScatterAdd _ ->
          throw new BackendException("libtorch: not supported: " + value);
    };
  }

  /** A view without copies, as {@code expand} gives it. */
  private static TorchTensor broadcast(TorchOps ops, TorchTensor x, Shape shape) {
    long[] sizes = x.sizes();
    long[] strides = x.strides();
    long[] spread = new long[shape.rank()];
    int extra = spread.length - sizes.length;
    for (int i = 0; i < sizes.length; i++) {
      spread[extra + i] = sizes[i] == 1 ? 0 : strides[i];
    }
    return ops.own(x.view(shape.dims(), spread, 0));
  }

  private static TorchTensor unary(
      TorchOps ops, GradientOp.UnaryGrad op, TorchTensor x, TorchTensor dy) {
    return switch (op.kind()) {
      case SILU -> ops.call(AtFunction.SILU_BACKWARD, dy, x);
      case GELU_TANH -> ops.call(AtFunction.GELU_BACKWARD, dy, x, "tanh");
      case EXP -> ops.call(AtFunction.MUL, dy, ops.call(AtFunction.EXP, x));
      case SQRT ->
          ops.call(
              AtFunction.DIV,
              dy,
              ops.call(AtFunction.MUL_SCALAR, ops.call(AtFunction.SQRT, x), 2.0));
    };
  }

  /** With {@code s = w dy}: {@code f s - x m}, in which f scales x and m holds the sum of x s. */
  private static TorchTensor norm(
      TorchOps ops,
      GradientOp.NormGrad op,
      TorchTensor x,
      @Nullable TorchTensor weight,
      TorchTensor dy) {
    long d = op.x().shape().dim(-1);
    TorchTensor s = weight == null ? dy : ops.call(AtFunction.MUL, dy, weight);
    return switch (op.kind()) {
      case LAYER -> {
        TorchTensor mean = ops.call(AtFunction.MEAN, x, LAST, true, null);
        TorchTensor centred = ops.call(AtFunction.SUB, x, mean, 1.0);
        TorchTensor factor = TorchNorms.rmsFactor(ops, centred, d, op.eps());
        TorchTensor whole = scaled(ops, centred, s, factor, 1.0 / d);
        yield ops.call(
            AtFunction.SUB, whole, ops.call(AtFunction.MEAN, whole, LAST, true, null), 1.0);
      }
      case RMS -> scaled(ops, x, s, TorchNorms.rmsFactor(ops, x, d, op.eps()), 1.0 / d);
      case L2 -> {
        // Below eps the factor does not depend on x.
        TorchTensor free = TorchNorms.isAbove(ops, x, op.eps());
        TorchTensor inner = ops.call(AtFunction.MUL, x, free);
        yield scaled(ops, inner, s, TorchNorms.l2Factor(ops, x, d, op.eps()), 1.0 / d);
      }
    };
  }

  /** {@code f s - x f^3 share sum(x s)}. */
  private static TorchTensor scaled(
      TorchOps ops, TorchTensor x, TorchTensor s, TorchTensor f32Factor, double share) {
    TorchTensor factor = ops.cast(f32Factor, x.dtype());
    TorchTensor sum = ops.call(AtFunction.SUM, ops.call(AtFunction.MUL, x, s), LAST, true, null);
    TorchTensor cubed = ops.call(AtFunction.MUL, ops.call(AtFunction.MUL, factor, factor), factor);
    TorchTensor along = ops.call(AtFunction.MUL, ops.call(AtFunction.MUL, sum, cubed), x);
    return ops.call(AtFunction.SUB, ops.call(AtFunction.MUL, s, factor), along, share);
  }
}
