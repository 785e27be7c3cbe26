package org.t3jvm.bench.peer.torch;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.Op;

/** Norms over the last axis. */
final class TorchNorms {
  private static final long[] LAST = {-1};

  private TorchNorms() {}

  static TorchTensor compute(
      TorchOps ops,
      Op.Norm op,
      TorchTensor x,
      @Nullable TorchTensor weight,
      @Nullable TorchTensor bias,
      @Nullable TorchTensor out) {
    long d = op.x().shape().dim(-1);
    double eps = op.eps();
    return switch (op.kind()) {
      case LAYER -> ops.call(AtFunction.LAYER_NORM, x, new long[] {d}, weight, bias, eps, false);
      case RMS -> scaled(ops, x, rmsFactor(ops, x, d, eps), weight, bias, out);
      case L2 -> scaled(ops, x, l2Factor(ops, x, d, eps), weight, bias, out);
    };
  }

  /** {@code 1 / sqrt(mean(x^2) + eps)} over the last axis of x [..., d]. */
  static TorchTensor rmsFactor(TorchOps ops, TorchTensor x, long d, double eps) {
    TorchTensor norm = norm(ops, x);
    TorchTensor mean =
        ops.call(AtFunction.MUL_SCALAR, ops.call(AtFunction.MUL, norm, norm), 1.0 / d);
    return ops.call(AtFunction.RSQRT, ops.call(AtFunction.ADD_SCALAR, mean, eps, 1.0));
  }

  /** {@code sqrt(d) / max(||x||_2, eps)} over the last axis of x [..., d]. */
  static TorchTensor l2Factor(TorchOps ops, TorchTensor x, long d, double eps) {
    TorchTensor norm = ops.call(AtFunction.CLAMP_MIN, norm(ops, x), eps);
    TorchTensor share = ops.call(AtFunction.MUL_SCALAR, norm, 1 / Math.sqrt((double) d));
    return ops.call(AtFunction.RSQRT, ops.call(AtFunction.MUL, share, share));
  }

  /** Whether {@code ||x||_2} of the last axis is eps or more. */
  static TorchTensor isAbove(TorchOps ops, TorchTensor x, double eps) {
    TorchTensor norm = norm(ops, x);
    return ops.call(AtFunction.EQ, norm, ops.call(AtFunction.CLAMP_MIN, norm, eps));
  }

  /** {@code ||x||_2} in F32; reads x once, where {@code aten::rms_norm} writes x^2 first. */
  private static TorchTensor norm(TorchOps ops, TorchTensor x) {
    return ops.call(AtFunction.VECTOR_NORM, x, 2.0, LAST, true, TorchDType.F32);
  }

  /** {@code x * factor * weight + bias}, in one tensor. */
  private static TorchTensor scaled(
      TorchOps ops,
      TorchTensor x,
      TorchTensor factor,
      @Nullable TorchTensor weight,
      @Nullable TorchTensor bias,
      @Nullable TorchTensor out) {
    TorchTensor y = ops.callInto(out, AtFunction.MUL, x, ops.cast(factor, x.dtype()));
    if (weight != null) {
      ops.callInto(y, AtFunction.MUL, y, weight);
    }
    if (bias != null) {
      ops.callInto(y, AtFunction.ADD, y, bias, 1.0);
    }
    return y;
  }
}
