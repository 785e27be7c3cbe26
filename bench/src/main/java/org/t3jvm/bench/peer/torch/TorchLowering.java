package org.t3jvm.bench.peer.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Each op of a program as libtorch's calls; keeps what calls prepare once. */
final class TorchLowering implements AutoCloseable {
  private final LibTorch torch;
  private final TorchDType dtype;
  private final TorchAttention attention;
  private final TorchRope rope;
  private final TorchMasks masks;
  private final Map<Value, TorchTensor> fixed;
  private final Map<Value, Fastest> prepared = new HashMap<>();

  /**
   * A lowering.
   *
   * @param dtype what F32 values are computed in
   * @param fixed parameters, constants and their reshaped forms
   */
  TorchLowering(
      LibTorch torch, TorchDType dtype, TorchAttention attention, Map<Value, TorchTensor> fixed) {
    this.torch = torch;
    this.dtype = dtype;
    this.attention = attention;
    this.rope = new TorchRope(torch);
    this.masks = new TorchMasks(torch);
    this.fixed = fixed;
  }

  /** The tensors of an op's operands. */
  interface Operands extends Function<Value, TorchTensor> {
    /** Null for an operand that is not there. */
    default @Nullable TorchTensor optional(@Nullable Value value) {
      return value == null ? null : apply(value);
    }
  }

  /**
   * The tensor of a computed value.
   *
   * @param out where the value may be put, or null
   * @throws BackendException naming the op if libtorch's peer has none
   */
  TorchTensor lower(Value value, TorchOps ops, Operands in, @Nullable TorchTensor out) {
    return switch (value.op()) {
      case Op.Linear op -> linear(value, op, ops, in, out);
      case Op.MatMul op -> matMul(op, ops, in, out);
      case Op.Conv3d op -> convolution(value, op, ops, in, out);
      case Op.Attention op ->
          attention.compute(
              ops,
              op,
              in.apply(op.q()),
              in.apply(op.k()),
              in.apply(op.v()),
              in.optional(op.bias()),
              masks);
      case Op.Norm op ->
          TorchNorms.compute(
              ops, op, in.apply(op.x()), in.optional(op.weight()), in.optional(op.bias()), out);
      case Op.RmsFactor op ->
          ops.cast(
              TorchNorms.rmsFactor(ops, in.apply(op.x()), op.x().shape().dim(-1), op.eps()),
              in.apply(op.x()).dtype());
      case Op.Rope op -> rope.compute(ops, op, in.apply(op.x()), out);
      case Op.Unary op -> unary(op, ops, in.apply(op.x()), out);
      case Op.Binary op -> binary(op, ops, in.apply(op.a()), in.apply(op.b()), out);
      case Op.Affine op -> {
        TorchTensor y =
            ops.callInto(out, AtFunction.MUL_SCALAR, in.apply(op.x()), (double) op.scale());
        yield ops.callInto(y, AtFunction.ADD_SCALAR, y, (double) op.offset(), 1.0);
      }
      case Op.Clamp op ->
          ops.callInto(
              out, AtFunction.CLAMP, in.apply(op.x()), (double) op.low(), (double) op.high());
      case Op.Modulate op -> {
        TorchTensor factor = ops.call(AtFunction.ADD_SCALAR, in.apply(op.scale()), 1.0, 1.0);
        yield ops.callInto(
            out, AtFunction.ADDCMUL, in.apply(op.shift()), in.apply(op.x()), factor, 1.0);
      }
      case Op.GatedResidual op ->
          ops.callInto(
              out,
              AtFunction.ADDCMUL,
              in.apply(op.x()),
              in.apply(op.gate()),
              in.apply(op.y()),
              1.0);
      case Op.Softmax op -> ops.callInto(out, AtFunction.SOFTMAX, in.apply(op.x()), -1L, null);
      case Op.Reduce op -> reduce(op, ops, in.apply(op.x()));
      case Op.Embedding op -> embedding(value, op, ops, in);
      case Op.Scaled op -> scaled(value, op, ops, in);
      case MovementOp.Cast op -> ops.cast(in.apply(op.x()), dtypeOf(value));
      case MovementOp.Reshape op -> ops.reshape(in.apply(op.x()), op.shape().dims());
      case MovementOp.Permute op ->
          ops.permute(in.apply(op.x()), op.axes().stream().mapToInt(Integer::intValue).toArray());
      case MovementOp.Slice op -> ops.narrow(in.apply(op.x()), op.axis(), op.start(), op.length());
      case MovementOp.Concat op -> ops.concat(op.parts().stream().map(in).toList(), op.axis());
      case MovementOp.Upsample op -> upsample(op, ops, in.apply(op.x()));
      case GradientOp op -> TorchGradients.compute(value, op, ops, attention, in);
      case Op.Given _ -> throw given(value);
    };
  }

  private static IllegalArgumentException given(Value value) {
    return new IllegalArgumentException(value + " is given, not computed");
  }

  private TorchDType dtypeOf(Value value) {
    TorchDType own = TorchDType.of(value.dtype());
    return own == TorchDType.F32 ? dtype : own;
  }

  private TorchTensor linear(
      Value value, Op.Linear op, TorchOps ops, Operands in, @Nullable TorchTensor out) {
    long inner = op.x().shape().dim(-1);
    long columns = op.weight().shape().dim(0);
    long rows = value.shape().outer(-1);
    TorchTensor x = ops.reshape(in.apply(op.x()), rows, inner);
    TorchTensor flat = out == null ? null : ops.reshape(out, rows, columns);
    TorchTensor bias = in.optional(op.bias());
    TorchTensor weight = fixed.get(op.weight());
    TorchTensor y;
    boolean bound = op.bias() == null || fixed.containsKey(op.bias());
    if (weight == null || !bound || rows * columns * inner == 0) {
      TorchTensor given = ops.cast(in.apply(op.weight()), x.dtype());
      y = ops.callInto(flat, AtFunction.LINEAR, x, given, bias);
    } else {
      y =
          prepared
              .computeIfAbsent(value, key -> TorchLinear.of(torch, rows, weight, bias))
              .compute(ops, x, flat);
    }
    return ops.reshape(y, value.shape().dims());
  }

  /** Whole blocks at once, then what is left of each row. */
  private TorchTensor scaled(Value value, Op.Scaled op, TorchOps ops, Operands in) {
    long n = value.shape().dim(0);
    long k = value.shape().inner(0);
    long scaleRows = op.scales().shape().dim(0);
    long blocks = k / op.block();
    long whole = blocks * op.block();
    TorchTensor codes = ops.cast(ops.reshape(in.apply(op.codes()), n, k), dtypeOf(value));
    TorchTensor scales = in.apply(op.scales());
    List<TorchTensor> parts = new ArrayList<>();
    if (whole > 0) {
      TorchTensor head = ops.contiguous(ops.narrow(codes, 1, 0, whole));
      TorchTensor factors = ops.contiguous(ops.narrow(scales, 1, 0, blocks));
      TorchTensor product =
          ops.call(
              AtFunction.MUL,
              ops.reshape(head, n, blocks, op.block()),
              ops.reshape(factors, scaleRows, blocks, 1));
      parts.add(ops.reshape(product, n, whole));
    }
    if (whole < k) {
      TorchTensor rest = ops.narrow(codes, 1, whole, k - whole);
      parts.add(ops.call(AtFunction.MUL, rest, ops.narrow(scales, 1, blocks, 1)));
    }
    TorchTensor y = parts.isEmpty() ? codes : ops.concat(parts, 1);
    return ops.reshape(y, value.shape().dims());
  }

  private static TorchTensor matMul(
      Op.MatMul op, TorchOps ops, Operands in, @Nullable TorchTensor out) {
    TorchTensor a = in.apply(op.a());
    TorchTensor b = ops.cast(in.apply(op.b()), a.dtype());
    if (op.transposeB()) {
      int[] axes = new int[op.b().shape().rank()];
      for (int i = 0; i < axes.length; i++) {
        axes[i] = i;
      }
      axes[axes.length - 1] = axes.length - 2;
      axes[axes.length - 2] = axes.length - 1;
      b = ops.permute(b, axes);
    }
    return ops.callInto(out, AtFunction.MATMUL, a, b);
  }

  private TorchTensor convolution(
      Value value, Op.Conv3d op, TorchOps ops, Operands in, @Nullable TorchTensor out) {
    ConvGeometry geometry = op.geometry();
    TorchTensor x = in.apply(op.x());
    if (fixed.containsKey(op.weight()) && (op.bias() == null || fixed.containsKey(op.bias()))) {
      return prepared
          .computeIfAbsent(
              value,
              key ->
                  TorchConvolution.of(
                      torch, geometry, in.apply(op.weight()), in.optional(op.bias())))
          .compute(ops, x, out);
    }
    return TorchConvolution.once(ops, geometry, x, in.apply(op.weight()), in.optional(op.bias()));
  }

  private static TorchTensor unary(
      Op.Unary op, TorchOps ops, TorchTensor x, @Nullable TorchTensor out) {
    return switch (op.kind()) {
      case SILU -> ops.callInto(out, AtFunction.SILU, x);
      case GELU_TANH -> ops.callInto(out, AtFunction.GELU, x, "tanh");
      case EXP -> ops.callInto(out, AtFunction.EXP, x);
      case SQRT -> ops.callInto(out, AtFunction.SQRT, x);
    };
  }

  private static TorchTensor binary(
      Op.Binary op, TorchOps ops, TorchTensor a, TorchTensor b, @Nullable TorchTensor out) {
    return switch (op.kind()) {
      case ADD -> ops.callInto(out, AtFunction.ADD, a, b, 1.0);
      case SUB -> ops.callInto(out, AtFunction.SUB, a, b, 1.0);
      case MUL -> ops.callInto(out, AtFunction.MUL, a, b);
      case DIV -> ops.callInto(out, AtFunction.DIV, a, b);
    };
  }

  private static TorchTensor reduce(Op.Reduce op, TorchOps ops, TorchTensor x) {
    long[] axis = {op.axis()};
    return switch (op.kind()) {
      case SUM -> ops.call(AtFunction.SUM, x, axis, true, null);
      case MEAN -> ops.call(AtFunction.MEAN, x, axis, true, null);
      case MAX -> ops.call(AtFunction.MAX, x, axis, true);
    };
  }

  private static TorchTensor embedding(Value value, Op.Embedding op, TorchOps ops, Operands in) {
    long count = op.ids().shape().elements();
    TorchTensor ids = ops.contiguous(ops.reshape(in.apply(op.ids()), count));
    requireRows(value, ids.address(), count, op.table().shape().dim(0));
    TorchTensor rows = ops.call(AtFunction.INDEX_SELECT, in.apply(op.table()), 0L, ids);
    return ops.reshape(rows, value.shape().dims());
  }

  /** libtorch would end the process. */
  @SuppressWarnings("restricted")
  private static void requireRows(Value value, long address, long count, long rows) {
    MemorySegment ids = MemorySegment.ofAddress(address).reinterpret(count * Long.BYTES);
    for (long i = 0; i < count; i++) {
      long id = ids.getAtIndex(ValueLayout.JAVA_LONG, i);
      if (id < 0 || id >= rows) {
        throw new BackendException(
            "%s: id %d at %d is not a row of a table of %d".formatted(value, id, i, rows));
      }
    }
  }

  private static TorchTensor upsample(MovementOp.Upsample op, TorchOps ops, TorchTensor x) {
    long[] s = x.sizes();
    long[] size = {s[1] * op.factor(), s[2] * op.factor()};
    TorchTensor images = ops.permute(ops.contiguous(x), 0, 3, 1, 2);
    TorchTensor y = ops.call(AtFunction.UPSAMPLE_NEAREST_2D, images, size, null, null);
    return ops.contiguous(ops.permute(y, 0, 2, 3, 1));
  }

  @Override
  public void close() {
    prepared.values().forEach(Fastest::close);
    rope.close();
    masks.close();
  }
}
