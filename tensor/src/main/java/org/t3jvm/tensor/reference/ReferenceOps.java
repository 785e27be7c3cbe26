package org.t3jvm.tensor.reference;

import java.util.function.Function;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** One op on tensors: reads operands as float64, computes in float64, rounds the result once. */
final class ReferenceOps {
  private ReferenceOps() {}

  /**
   * The tensor of a computed value.
   *
   * @param tensors the tensor of each operand
   */
  static Tensor compute(Value out, Function<Value, Tensor> tensors) {
    return compute(out, tensors, out.dtype());
  }

  /**
   * The tensor of a computed value, rounded to another dtype than its own.
   *
   * @param tensors the tensor of each operand, of its dtype or rounded likewise
   */
  static Tensor compute(Value out, Function<Value, Tensor> tensors, DType dtype) {
    Doubles doubles = value -> read(tensors.apply(value));
    return switch (out.op()) {
      case Op.Linear op -> write(out, dtype, ReferenceMatrices.linear(op, doubles));
      case Op.MatMul op -> write(out, dtype, ReferenceMatrices.matMul(op, doubles));
      case Op.Conv3d op -> write(out, dtype, ReferenceConv.conv3d(op, out, doubles));
      case Op.Attention op -> write(out, dtype, ReferenceAttention.attention(op, doubles));
      case Op.Norm op -> write(out, dtype, ReferenceRows.norm(op, doubles));
      case Op.RmsFactor op -> write(out, dtype, ReferenceRows.rmsFactor(op, out, doubles));
      case Op.Rope op -> write(out, dtype, ReferenceRows.rope(op, doubles));
      case Op.Softmax op -> write(out, dtype, ReferenceRows.softmax(op, doubles));
      case Op.Reduce op -> write(out, dtype, ReferenceRows.reduce(op, doubles));
      case Op.Unary op -> write(out, dtype, ReferenceElementwise.unary(op, doubles));
      case Op.Affine op ->
          write(
              out,
              dtype,
              ReferenceElementwise.map(doubles.of(op.x()), x -> x * op.scale() + op.offset()));
      case Op.Clamp op ->
          write(
              out,
              dtype,
              ReferenceElementwise.map(
                  doubles.of(op.x()), x -> Math.min(Math.max(x, op.low()), op.high())));
      case Op.Binary op -> write(out, dtype, ReferenceElementwise.binary(op, out, doubles));
      case Op.Modulate op -> write(out, dtype, ReferenceElementwise.modulate(op, out, doubles));
      case Op.GatedResidual op -> write(out, dtype, ReferenceElementwise.gated(op, out, doubles));
      case Op.Embedding op ->
          write(out, dtype, ReferenceRows.embedding(op, doubles, tensors.apply(op.ids())));
      case Op.Scaled op -> write(out, dtype, ReferenceMatrices.scaled(op, doubles));
      case MovementOp.Cast op -> tensors.apply(op.x()).to(dtype);
      case MovementOp.Reshape op -> tensors.apply(op.x()).reshape(op.shape());
      case MovementOp.Permute op -> ReferenceShapes.permute(op, out, tensors);
      case MovementOp.Slice op -> ReferenceShapes.slice(op, out, tensors);
      case MovementOp.Concat op -> ReferenceShapes.concat(op, out, tensors);
      case MovementOp.Upsample op -> ReferenceShapes.upsample(op, out, tensors);
      case GradientOp op -> write(out, dtype, gradient(op, out, doubles, tensors));
      case Op.Given _ -> throw given(out);
    };
  }

  private static double[] gradient(
      GradientOp gradient, Value out, Doubles doubles, Function<Value, Tensor> tensors) {
    return switch (gradient) {
      case GradientOp.Broadcast op -> ReferenceGradients.broadcast(op, out, doubles);
      case GradientOp.UnaryGrad op -> ReferenceGradients.unary(op, doubles);
      case GradientOp.ClampGrad op -> ReferenceGradients.clamp(op, doubles);
      case GradientOp.NormGrad op -> ReferenceGradients.norm(op, doubles);
      case GradientOp.ScatterAdd op ->
          ReferenceGradients.scatterAdd(op, out, doubles, tensors.apply(op.ids()));
      case GradientOp.Conv3dWeightGrad op -> ReferenceGradients.conv3dWeight(op, doubles);
      case GradientOp.SavedAttention op -> ReferenceAttentionGrad.saved(op.attention(), doubles);
      case GradientOp.AttentionGrad op ->
          ReferenceAttentionGrad.gradients(op, Math.toIntExact(out.shape().elements()), doubles);
    };
  }

  /** Bytes of an op's operands and result in float64; 0 for ops that only move elements. */
  static long scratch(Value out) {
    return switch (out.op()) {
      case Op.Given _, MovementOp _ -> 0;
      case Op.Product _,
          Op.Elementwise _,
          Op.RowWise _,
          Op.Reduction _,
          Op.Widening _,
          GradientOp _ -> {
        long operands = out.op().operands().stream().mapToLong(x -> x.shape().elements()).sum();
        yield Double.BYTES * (operands + out.shape().elements());
      }
    };
  }

  /** The elements of an operand. */
  @FunctionalInterface
  interface Doubles {
    /** All elements, row-major. */
    double[] of(Value value);
  }

  private static IllegalArgumentException given(Value value) {
    return new IllegalArgumentException(value + " is given, not computed");
  }

  private static double[] read(Tensor tensor) {
    double[] elements = new double[Math.toIntExact(tensor.shape().elements())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = tensor.getDouble(i);
    }
    return elements;
  }

  private static Tensor write(Value out, DType dtype, double[] elements) {
    Tensor tensor = Tensor.allocate(dtype, out.shape());
    for (int i = 0; i < elements.length; i++) {
      tensor.setDouble(i, elements[i]);
    }
    return tensor;
  }
}
