package org.t3jvm.tensor.cpu.plan;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.cpu.attention.AttentionLowering;
import org.t3jvm.tensor.cpu.conv.ConvLowering;
import org.t3jvm.tensor.cpu.conv.RoundedConvLowering;
import org.t3jvm.tensor.cpu.elementwise.BinaryKernel;
import org.t3jvm.tensor.cpu.elementwise.BroadcastKernel;
import org.t3jvm.tensor.cpu.elementwise.DerivativeKernel;
import org.t3jvm.tensor.cpu.elementwise.GatedResidualKernel;
import org.t3jvm.tensor.cpu.elementwise.ModulateKernel;
import org.t3jvm.tensor.cpu.elementwise.UnaryKernel;
import org.t3jvm.tensor.cpu.gemm.GemmLowering;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.move.CastKernel;
import org.t3jvm.tensor.cpu.move.CopyKernel;
import org.t3jvm.tensor.cpu.move.EmbeddingKernel;
import org.t3jvm.tensor.cpu.move.PermuteKernels;
import org.t3jvm.tensor.cpu.move.ScaledKernel;
import org.t3jvm.tensor.cpu.move.ScatterAddKernel;
import org.t3jvm.tensor.cpu.move.UpsampleKernel;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.cpu.rounded.RoundedLowering;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.cpu.row.FusedRows;
import org.t3jvm.tensor.cpu.row.NormGradKernel;
import org.t3jvm.tensor.cpu.row.NormKernel;
import org.t3jvm.tensor.cpu.row.ReduceKernels;
import org.t3jvm.tensor.cpu.row.RmsFactorKernel;
import org.t3jvm.tensor.cpu.row.RopeKernel;
import org.t3jvm.tensor.cpu.row.SoftmaxKernel;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Chooses the kernels of every op that is neither given nor a {@link MovementOp#view view}.
 *
 * @param fusion which ops are computed together
 * @param arithmetic what products multiply
 */
record Lowering(Fusion fusion, Arithmetic arithmetic) {
  /** Lowers what the step of a value computes: a chain of one op or more. */
  LoweredOp lower(Value last) {
    List<Value> chain = fusion.chain(last);
    Value first = chain.getFirst();
    if (first.shape().elements() == 0) {
      return new LoweredOp(List.of(), 0);
    }
    if (first.op() instanceof Op.Conv3d conv
        && fusion.isReadThrough(conv.x())
        && conv.x().op() instanceof MovementOp.Upsample upsample) {
      Tiles tiles = arithmetic.tiles(conv, first);
      return tiles != null
          ? RoundedConvLowering.upsampledConv3d(upsample, conv, first, epilogue(chain), tiles)
          : ConvLowering.upsampledConv3d(upsample, conv, first, epilogue(chain));
    }
    if (chain.size() == 1) {
      return lowerOne(first);
    }
    return first.op() instanceof Op.Product product
        ? lower(product, first, epilogue(chain))
        : LoweredOp.of(rows(chain));
  }

  private static CpuKernel rows(List<Value> chain) {
    List<RangeKernel> kernels = new ArrayList<>();
    int next = 0;
    Value first = chain.getFirst();
    Value second = chain.get(1);
    if (first.op() instanceof Op.Norm norm
        && second.op() instanceof Op.Modulate modulate
        && NormKernel.takes(norm, modulate)) {
      kernels.add(NormKernel.modulated(norm, modulate, second));
      next = 2;
    }
    chain.stream().skip(next).map(Lowering::rangeKernel).forEach(kernels::add);
    return kernels.size() == 1 ? kernels.getFirst() : new FusedRows(kernels, first.shape());
  }

  private static Epilogue epilogue(List<Value> chain) {
    return new Epilogue(chain.stream().skip(1).map(Lowering::rangeKernel).toList());
  }

  private static RangeKernel rangeKernel(Value out) {
    return switch (out.op()) {
      case Op.Elementwise op -> elementwise(op, out);
      case Op.RowWise op -> rowWise(op, out);
      case Op.Given _, Op.Product _, Op.Reduction _, Op.Widening _, MovementOp _, GradientOp _ ->
          throw noKernel(out);
    };
  }

  private static RangeKernel elementwise(Op.Elementwise op, Value out) {
    return switch (op) {
      case Op.Unary unary -> new UnaryKernel(unary, out);
      case Op.Affine affine -> new UnaryKernel(affine, out);
      case Op.Clamp clamp -> new UnaryKernel(clamp, out);
      case Op.Binary binary -> new BinaryKernel(binary, out);
      case Op.Modulate modulate -> new ModulateKernel(modulate, out);
      case Op.GatedResidual residual -> new GatedResidualKernel(residual, out);
    };
  }

  private static RangeKernel rowWise(Op.RowWise op, Value out) {
    return switch (op) {
      case Op.Norm norm -> new NormKernel(norm, out);
      case Op.Rope rope -> new RopeKernel(rope, out);
      case Op.Softmax softmax -> new SoftmaxKernel(softmax, out);
    };
  }

  private LoweredOp lower(Op.Product op, Value out, Epilogue epilogue) {
    Tiles tiles = arithmetic.tiles(op, out);
    return switch (op) {
      case Op.Linear linear when tiles != null ->
          RoundedLowering.linear(linear, out, epilogue, tiles);
      case Op.Linear linear -> GemmLowering.linear(linear, out, epilogue);
      case Op.MatMul matMul -> GemmLowering.matMul(matMul, fusion.isReadThrough(matMul.a()), out);
      case Op.Conv3d conv when tiles != null ->
          RoundedConvLowering.conv3d(conv, out, epilogue, tiles);
      case Op.Conv3d conv -> ConvLowering.conv3d(conv, out, epilogue);
      case Op.Attention attention when tiles != null ->
          AttentionLowering.rounded(attention, out, tiles);
      case Op.Attention attention -> AttentionLowering.attention(attention, out);
    };
  }

  private LoweredOp lowerOne(Value out) {
    return switch (out.op()) {
      case Op.Product product -> lower(product, out, Epilogue.NONE);
      case Op.Elementwise op -> LoweredOp.of(elementwise(op, out));
      case Op.RowWise op -> LoweredOp.of(rowWise(op, out));
      case Op.RmsFactor factor -> LoweredOp.of(new RmsFactorKernel(factor, out));
      case Op.Reduce reduce -> LoweredOp.of(ReduceKernels.of(reduce, out));
      case Op.Embedding embedding -> LoweredOp.of(new EmbeddingKernel(embedding, out));
      case Op.Scaled scaled -> LoweredOp.of(new ScaledKernel(scaled, out));
      case MovementOp.Cast cast -> LoweredOp.of(new CastKernel(cast, out));
      case MovementOp.Permute permute -> LoweredOp.of(PermuteKernels.of(permute, out));
      case MovementOp.Slice slice -> LoweredOp.of(CopyKernel.slice(slice, out));
      case MovementOp.Concat concat -> new LoweredOp(CopyKernel.concat(concat, out), 0);
      case MovementOp.Upsample upsample -> LoweredOp.of(new UpsampleKernel(upsample, out));
      case GradientOp gradient -> gradient(gradient, out);
      case Op.Given _, MovementOp.Reshape _ -> throw noKernel(out);
    };
  }

  private static LoweredOp gradient(GradientOp gradient, Value out) {
    return switch (gradient) {
      case GradientOp.Broadcast op -> LoweredOp.of(new BroadcastKernel(op, out));
      case GradientOp.UnaryGrad op -> LoweredOp.of(DerivativeKernel.of(op, out));
      case GradientOp.ClampGrad op -> LoweredOp.of(DerivativeKernel.of(op, out));
      case GradientOp.NormGrad op -> LoweredOp.of(new NormGradKernel(op, out));
      case GradientOp.ScatterAdd op -> LoweredOp.of(new ScatterAddKernel(op, out));
      case GradientOp.Conv3dWeightGrad op -> ConvLowering.conv3dWeight(op, out);
      case GradientOp.SavedAttention op -> AttentionLowering.saved(op, out);
      case GradientOp.AttentionGrad op -> AttentionLowering.gradients(op, out);
    };
  }

  private static IllegalArgumentException noKernel(Value value) {
    return new IllegalArgumentException(value + " is not computed");
  }
}
