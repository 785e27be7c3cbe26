package org.t3jvm.tensor.cpu;

import java.util.List;
import org.t3jvm.tensor.cpu.attention.AttentionLowering;
import org.t3jvm.tensor.cpu.gemm.GemmLowering;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Chooses the kernels of every op that is neither given nor a {@link Views view}. */
final class Lowering {
  private Lowering() {}

  static LoweredOp lower(Value out) {
    if (out.shape().elements() == 0) {
      return new LoweredOp(List.of(), 0);
    }
    return switch (out.op()) {
      case Op.Linear linear -> GemmLowering.linear(linear, out);
      case Op.MatMul matMul -> GemmLowering.matMul(matMul, out);
      case Op.Conv3d conv -> GemmLowering.conv3d(conv, out);
      case Op.Attention attention -> AttentionLowering.attention(attention, out);
      case Op.Norm norm -> LoweredOp.of(new NormKernel(norm, out));
      case Op.Rope rope -> LoweredOp.of(new RopeKernel(rope, out));
      case Op.Unary unary -> LoweredOp.of(new UnaryKernel(unary, out));
      case Op.Affine affine -> LoweredOp.of(new UnaryKernel(affine, out));
      case Op.Clamp clamp -> LoweredOp.of(new UnaryKernel(clamp, out));
      case Op.Binary binary -> LoweredOp.of(new BinaryKernel(binary, out));
      case Op.Modulate modulate -> LoweredOp.of(new ModulateKernel(modulate, out));
      case Op.GatedResidual residual -> LoweredOp.of(new GatedResidualKernel(residual, out));
      case Op.Softmax softmax -> LoweredOp.of(new SoftmaxKernel(softmax, out));
      case Op.Reduce reduce -> LoweredOp.of(ReduceKernels.of(reduce, out));
      case Op.Embedding embedding -> LoweredOp.of(new EmbeddingKernel(embedding, out));
      case Op.Cast cast -> LoweredOp.of(new CastKernel(cast, out));
      case Op.Permute permute -> LoweredOp.of(PermuteKernels.of(permute, out));
      case Op.Slice slice -> LoweredOp.of(CopyKernel.slice(slice, out));
      case Op.Concat concat -> new LoweredOp(CopyKernel.concat(concat, out), 0);
      case Op.Upsample upsample -> LoweredOp.of(new UpsampleKernel(upsample, out));
      case Op.Input input -> throw noKernel(out);
      case Op.Parameter parameter -> throw noKernel(out);
      case Op.Constant constant -> throw noKernel(out);
      case Op.Reshape reshape -> throw noKernel(out);
    };
  }

  private static IllegalArgumentException noKernel(Value value) {
    return new IllegalArgumentException(value + " is not computed");
  }
}
