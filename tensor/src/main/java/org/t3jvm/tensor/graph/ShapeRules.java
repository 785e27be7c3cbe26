package org.t3jvm.tensor.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;

/** The result shape of every op, or a {@link TraceException} that says what is wrong with it. */
final class ShapeRules {
  private ShapeRules() {}

  static Shape of(Op op) {
    return switch (op) {
      case Op.Input input -> throw new IllegalArgumentException("input " + input.name());
      case Op.Parameter parameter ->
          throw new IllegalArgumentException("parameter " + parameter.name());
      case Op.Constant constant -> constant.tensor().shape();
      case Op.Linear linear -> linear(linear);
      case Op.MatMul matMul -> matMul(matMul);
      case Op.Attention attention -> attention(attention);
      case Op.Conv3d conv -> conv3d(conv);
      case Op.Norm norm -> norm(norm);
      case Op.RmsFactor factor -> {
        Shape x = f32(op, factor.x());
        require(op, x.rank() >= 1, "needs at least one axis", op.operands());
        yield x.with(x.rank() - 1, 1);
      }
      case Op.Rope rope -> rope(rope);
      case Op.Unary unary -> f32(op, unary.x());
      case Op.Affine affine -> f32(op, affine.x());
      case Op.Clamp clamp -> f32(op, clamp.x());
      case Op.Binary binary -> broadcast(op, binary.a(), binary.b());
      case Op.Modulate modulate -> {
        requireBroadcasts(op, modulate.x(), modulate.shift());
        yield requireBroadcasts(op, modulate.x(), modulate.scale());
      }
      case Op.GatedResidual residual -> {
        require(
            op,
            residual.x().shape().equals(residual.y().shape()),
            "x and y must have one shape",
            op.operands());
        yield requireBroadcasts(op, residual.x(), residual.gate());
      }
      case Op.Softmax softmax -> {
        require(op, softmax.x().shape().rank() >= 1, "needs at least one axis", op.operands());
        yield f32(op, softmax.x());
      }
      case Op.Reduce reduce -> reduce(reduce);
      case Op.Embedding embedding -> embedding(embedding);
      case Op.Scaled scaled -> scaled(scaled);
      case MovementOp.Cast cast -> cast.x().shape();
      case MovementOp.Reshape reshape -> {
        require(
            op,
            reshape.x().shape().elements() == reshape.shape().elements(),
            "element counts differ from those of " + reshape.shape(),
            op.operands());
        yield reshape.shape();
      }
      case MovementOp.Permute permute -> permute(permute);
      case MovementOp.Slice slice -> slice(slice);
      case MovementOp.Concat concat -> concat(concat);
      case MovementOp.Upsample upsample -> {
        Shape x = f32(op, upsample.x());
        require(op, x.rank() == 4, "x must be [T, H, W, C]", op.operands());
        require(
            op,
            upsample.factor() >= 1,
            "the factor must be at least 1, not " + upsample.factor(),
            op.operands());
        int f = upsample.factor();
        yield Shape.of(x.dim(0), x.dim(1) * f, x.dim(2) * f, x.dim(3));
      }
      case GradientOp gradient -> GradientShapes.of(gradient);
    };
  }

  static DType dtypeOf(Op op) {
    return switch (op) {
      case Op.Constant constant -> constant.tensor().dtype();
      case MovementOp.Cast cast -> cast.dtype();
      case MovementOp movement -> movement.operands().getFirst().dtype();
      case Op.Input _, Op.Parameter _ ->
          throw new IllegalArgumentException(op + " has a given dtype");
      case Op.Product _,
          Op.Elementwise _,
          Op.RowWise _,
          Op.Reduction _,
          Op.Widening _,
          GradientOp _ ->
          DType.F32;
    };
  }

  private static Shape linear(Op.Linear op) {
    Shape x = f32(op, op.x());
    Shape w = weight(op, op.weight());
    require(op, w.rank() == 2 && x.rank() >= 1, "weight must be [N, K]", op.operands());
    require(op, x.dim(-1) == w.dim(1), "inner sizes differ", op.operands());
    vector(op, op.bias(), w.dim(0), "bias");
    return x.with(-1, w.dim(0));
  }

  private static Shape matMul(Op.MatMul op) {
    Shape a = f32(op, op.a());
    Shape b = weight(op, op.b());
    require(
        op, a.rank() >= 2 && a.rank() == b.rank(), "ranks must agree, 2 or more", op.operands());
    for (int i = 0; i < a.rank() - 2; i++) {
      require(op, a.dim(i) == b.dim(i), "batch sizes differ", op.operands());
    }
    long inner = op.transposeB() ? b.dim(-1) : b.dim(-2);
    require(op, a.dim(-1) == inner, "inner sizes differ", op.operands());
    return a.with(-1, op.transposeB() ? b.dim(-2) : b.dim(-1));
  }

  static Shape attention(Op.Attention op) {
    Shape q = f32(op, op.q());
    Shape k = f32(op, op.k());
    Shape v = f32(op, op.v());
    require(
        op,
        q.rank() == 2 && k.rank() == 2 && v.equals(k) && q.dim(1) == k.dim(1),
        "q must be [Nq, heads*d], k and v [Nk, heads*d]",
        op.operands());
    require(
        op,
        op.heads() >= 1 && q.dim(1) % op.heads() == 0,
        op.heads() + " heads do not divide the columns",
        op.operands());
    require(op, k.dim(0) >= 1, "there must be at least one key", op.operands());
    switch (op.pattern()) {
      case AttentionPattern.Full _ -> {}
      case AttentionPattern.Windows windows -> onGrid(op, windows.grid(), 0);
      case AttentionPattern.Inward inward -> onGrid(op, inward.grid(), inward.extraKeys());
    }
    if (op.bias() != null) {
      Shape bias = f32(op, op.bias());
      require(
          op,
          bias.rank() == 3
              && (bias.dim(0) == 1 || bias.dim(0) == op.heads())
              && (bias.dim(1) == 1 || bias.dim(1) == q.dim(0))
              && bias.dim(2) == k.dim(0),
          "bias must be [heads or 1, Nq or 1, Nk]",
          op.operands());
    }
    return q;
  }

  private static void onGrid(Op.Attention op, TokenGrid grid, int extraKeys) {
    long tokens = grid.tokens();
    require(
        op,
        op.q().shape().dim(0) == tokens && op.k().shape().dim(0) == tokens + extraKeys,
        "the window grid %s has %d tokens%s"
            .formatted(
                grid, tokens, extraKeys == 0 ? "" : " and %d extra keys".formatted(extraKeys)),
        op.operands());
    require(op, op.bias() == null, "a bias needs the full pattern", op.operands());
  }

  private static Shape conv3d(Op.Conv3d op) {
    Shape x = f32(op, op.x());
    Shape w = weight(op, op.weight());
    vector(op, op.bias(), w.rank() == 5 ? w.dim(0) : 0, "bias");
    return conv3d(op, x, w, op.geometry());
  }

  /** The result of a convolution of x with a weight of shape w. */
  static Shape conv3d(Op op, Shape x, Shape w, ConvGeometry g) {
    require(
        op,
        x.rank() == 4 && w.rank() == 5 && x.dim(3) == w.dim(1),
        "x must be [T, H, W, C] and weight [O, C, kt, kh, kw]",
        op.operands());
    long t =
        ConvGeometry.outputExtent(
            x.dim(0), w.intDim(2), g.strideT(), g.padTBefore(), g.padTAfter());
    long h =
        ConvGeometry.outputExtent(
            x.dim(1), w.intDim(3), g.strideH(), g.padHBefore(), g.padHAfter());
    long wide =
        ConvGeometry.outputExtent(
            x.dim(2), w.intDim(4), g.strideW(), g.padWBefore(), g.padWAfter());
    require(
        op, t > 0 && h > 0 && wide > 0, "the kernel is larger than the padded x", op.operands());
    return Shape.of(t, h, wide, w.dim(0));
  }

  private static Shape norm(Op.Norm op) {
    Shape x = f32(op, op.x());
    require(op, x.rank() >= 1, "needs at least one axis", op.operands());
    vector(op, op.weight(), x.dim(-1), "weight");
    vector(op, op.bias(), x.dim(-1), "bias");
    return x;
  }

  private static Shape rope(Op.Rope op) {
    Shape x = f32(op, op.x());
    require(
        op,
        x.rank() == 2 && x.dim(0) == op.grid().tokens(),
        "x must be [tokens of %s, heads*d]".formatted(op.grid()),
        op.operands());
    require(
        op,
        op.heads() >= 1
            && x.dim(1) % op.heads() == 0
            && (x.dim(1) / op.heads()) % 2 == 0
            && (x.dim(1) / op.heads() / 3) % 2 == 0,
        "%d heads must divide the columns into an even d with d/3 even".formatted(op.heads()),
        op.operands());
    return x;
  }

  private static Shape reduce(Op.Reduce op) {
    Shape x = f32(op, op.x());
    require(op, x.dim(op.axis()) > 0, "the axis is empty", op.operands());
    return x.with(op.axis(), 1);
  }

  private static Shape embedding(Op.Embedding op) {
    Shape table = weight(op, op.table());
    require(
        op,
        table.rank() == 2 && op.ids().dtype() == DType.I64,
        "table must be [V, D] and ids I64",
        op.operands());
    long[] ids = op.ids().shape().dims();
    long[] dims = Arrays.copyOf(ids, ids.length + 1);
    dims[ids.length] = table.dim(1);
    return Shape.of(dims);
  }

  private static Shape scaled(Op.Scaled op) {
    Shape codes = op.codes().shape();
    Shape scales = f32(op, op.scales());
    require(
        op,
        op.codes().dtype() == DType.I8 || op.codes().dtype().isFloat8(),
        "codes must be I8, F8_E4M3 or F8_E5M2",
        op.operands());
    require(op, op.block() >= 1, "the block must be at least 1, not " + op.block(), op.operands());
    require(
        op,
        codes.rank() >= 1
            && scales.rank() == 2
            && (scales.dim(0) == codes.dim(0) || scales.dim(0) == 1)
            && scales.dim(1) == Math.ceilDiv(codes.inner(0), op.block()),
        "codes [N, ...] of K a row need scales [N or 1, ceil(K/%d)]".formatted(op.block()),
        op.operands());
    return codes;
  }

  private static Shape permute(MovementOp.Permute op) {
    Shape x = op.x().shape();
    int rank = x.rank();
    require(
        op,
        op.axes().size() == rank
            && op.axes().stream().distinct().count() == rank
            && op.axes().stream().allMatch(a -> a >= 0 && a < rank),
        op.axes() + " is no order of the axes",
        op.operands());
    return Shape.of(op.axes().stream().mapToLong(x::dim).toArray());
  }

  private static Shape slice(MovementOp.Slice op) {
    Shape x = op.x().shape();
    long extent = x.dim(op.axis());
    require(
        op,
        op.start() >= 0 && op.length() >= 0 && op.length() <= extent - op.start(),
        "%d from %d on are outside axis %d".formatted(op.length(), op.start(), op.axis()),
        op.operands());
    return x.with(op.axis(), op.length());
  }

  private static Shape concat(MovementOp.Concat op) {
    Value first = op.parts().getFirst();
    long extent = 0;
    for (Value part : op.parts()) {
      require(
          op,
          part.dtype() == first.dtype()
              && part.shape().rank() == first.shape().rank()
              && part.shape().with(op.axis(), 0).equals(first.shape().with(op.axis(), 0)),
          "parts must agree on dtype and on all axes but " + op.axis(),
          op.operands());
      extent += part.shape().dim(op.axis());
    }
    return first.shape().with(op.axis(), extent);
  }

  static Shape broadcast(Op op, Value a, Value b) {
    Shape x = f32(op, a);
    Shape y = f32(op, b);
    int rank = Math.max(x.rank(), y.rank());
    long[] dims = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long dx = i <= x.rank() ? x.dim(-i) : 1;
      long dy = i <= y.rank() ? y.dim(-i) : 1;
      require(op, dx == dy || dx == 1 || dy == 1, "shapes do not broadcast", op.operands());
      dims[rank - i] = dx == 1 ? dy : dx;
    }
    return Shape.of(dims);
  }

  static Shape requireBroadcasts(Op op, Value x, Value other) {
    require(
        op,
        broadcast(op, x, other).equals(x.shape()),
        other + " does not broadcast to the shape of x",
        op.operands());
    return x.shape();
  }

  static Shape f32(Op op, Value value) {
    require(op, value.dtype() == DType.F32, value + " must be F32", op.operands());
    return value.shape();
  }

  static Shape weight(Op op, Value value) {
    DType dtype = value.dtype();
    require(
        op,
        dtype == DType.F32 || dtype == DType.BF16 || dtype == DType.F16,
        value + " must be F32, BF16 or F16; quantised codes take their scales by a scaled op",
        op.operands());
    return value.shape();
  }

  static void vector(Op op, @Nullable Value value, long extent, String role) {
    if (value != null) {
      f32(op, value);
      require(
          op,
          value.shape().equals(Shape.of(extent)),
          "%s must be [%d]".formatted(role, extent),
          op.operands());
    }
  }

  static void require(Op op, boolean holds, String what, List<Value> operands) {
    if (!holds) {
      throw new TraceException(
          op.opName(),
          what
              + ", got "
              + operands.stream().map(Value::toString).collect(Collectors.joining(", ")));
    }
  }
}
