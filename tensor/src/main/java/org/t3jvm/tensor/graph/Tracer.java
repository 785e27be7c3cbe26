package org.t3jvm.tensor.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Writes a graph down while model code calls it. Every call checks shapes and dtypes and fails with
 * a {@link TraceException} that names op and operands.
 *
 * <p>A parameter keeps its stored dtype. Where an op wants F32 and is given an F16, BF16 or F64
 * value, the tracer inserts the cast; weights of linear, matmul and conv3d and embedding tables are
 * used as they are stored.
 */
public final class Tracer {
  private final List<Value> values = new ArrayList<>();
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> parameters = new LinkedHashMap<>();
  private final Map<String, Value> outputs = new LinkedHashMap<>();
  private final List<Region> regions = new ArrayList<>();
  private @Nullable String region;

  /** Of a graph that has no values yet. */
  public Tracer() {}

  /** The graph traced so far. */
  public Graph graph() {
    return new Graph(values, inputs, parameters, outputs, regions);
  }

  /** A tensor given at every run. */
  public Value input(String name, DType dtype, Shape shape) {
    if (inputs.containsKey(name)) {
      throw new TraceException("input", "'" + name + "' is traced twice");
    }
    Value value = append(new Op.Input(name), dtype, shape);
    inputs.put(name, value);
    return value;
  }

  /** A tensor bound at compilation; the same name gives the same value. */
  public Value parameter(String name, DType dtype, Shape shape) {
    Value known = parameters.get(name);
    if (known != null) {
      if (known.dtype() != dtype || !known.shape().equals(shape)) {
        throw new TraceException(
            "parameter", "'%s' is %s, now requested as %s %s".formatted(name, known, dtype, shape));
      }
      return known;
    }
    Value value = append(new Op.Parameter(name), dtype, shape);
    parameters.put(name, value);
    return value;
  }

  /** A small tensor known now. */
  public Value constant(Tensor tensor) {
    return append(new Op.Constant(tensor));
  }

  /** Names a value as a result of the graph. */
  public void output(String name, Value value) {
    if (outputs.putIfAbsent(name, value) != null) {
      throw new TraceException("output", "'" + name + "' is traced twice");
    }
  }

  /** Traces {@code body} as one region; see {@link Region} for what its kind promises. */
  public <T> T region(String name, String kind, Supplier<T> body) {
    if (region != null) {
      throw new TraceException("region", "'%s' is inside region '%s'".formatted(name, region));
    }
    int first = values.size();
    region = name;
    try {
      return body.get();
    } finally {
      region = null;
      regions.add(new Region(name, kind, first, values.size()));
    }
  }

  /** Traces an op as it is, for rewrites of graphs; model code calls the methods named as ops. */
  public Value append(Op op) {
    return append(op, ShapeRules.dtypeOf(op), ShapeRules.of(op));
  }

  /** {@code x [..., K] weight[N, K]^T + bias [N]}. */
  public Value linear(Value x, Value weight, @Nullable Value bias) {
    return append(new Op.Linear(f32(x), weight, f32OrNull(bias)));
  }

  /** {@code a [B..., M, K] b [B..., K, N]}, b as [B..., N, K] if transposed. */
  public Value matMul(Value a, Value b, boolean transposeB) {
    return append(new Op.MatMul(f32(a), b, transposeB));
  }

  /** Softmax attention per head; see {@link Op.Attention} for shapes. */
  public Value attention(
      Value q,
      Value k,
      Value v,
      int heads,
      float scale,
      AttentionPattern pattern,
      @Nullable Value bias) {
    return append(new Op.Attention(f32(q), f32(k), f32(v), heads, scale, pattern, f32OrNull(bias)));
  }

  /** Convolution of x [T, H, W, C] with weight [O, C, kt, kh, kw]. */
  public Value conv3d(Value x, Value weight, @Nullable Value bias, ConvGeometry geometry) {
    return append(new Op.Conv3d(f32(x), weight, f32OrNull(bias), geometry));
  }

  /** {@code x / sqrt(mean(x^2) + eps) * weight} over the last axis. */
  public Value rmsNorm(Value x, @Nullable Value weight, float eps) {
    return append(new Op.Norm(Op.Norm.Kind.RMS, f32(x), f32OrNull(weight), null, eps));
  }

  /** {@code 1 / sqrt(mean(x^2) + eps)} over the last axis of x [..., D], as [..., 1]. */
  public Value rmsFactor(Value x, float eps) {
    return append(new Op.RmsFactor(f32(x), eps));
  }

  /** {@code (x - mean) / sqrt(variance + eps) * weight + bias} over the last axis. */
  public Value layerNorm(Value x, @Nullable Value weight, @Nullable Value bias, float eps) {
    return append(new Op.Norm(Op.Norm.Kind.LAYER, f32(x), f32OrNull(weight), f32OrNull(bias), eps));
  }

  /** {@code x / max(||x||, eps) * sqrt(D) * weight} over the last axis. */
  public Value l2Norm(Value x, @Nullable Value weight, float eps) {
    return append(new Op.Norm(Op.Norm.Kind.L2, f32(x), f32OrNull(weight), null, eps));
  }

  /** Rotary embedding of x [tokens, heads*d] over a token grid. */
  public Value rope(Value x, int heads, TokenGrid grid) {
    return append(new Op.Rope(f32(x), heads, grid));
  }

  /** {@code x * sigmoid(x)}. */
  public Value silu(Value x) {
    return append(new Op.Unary(Op.Unary.Kind.SILU, f32(x)));
  }

  /** GELU in its tanh form. */
  public Value geluTanh(Value x) {
    return append(new Op.Unary(Op.Unary.Kind.GELU_TANH, f32(x)));
  }

  /** {@code e^x}. */
  public Value exp(Value x) {
    return append(new Op.Unary(Op.Unary.Kind.EXP, f32(x)));
  }

  /** Square root. */
  public Value sqrt(Value x) {
    return append(new Op.Unary(Op.Unary.Kind.SQRT, f32(x)));
  }

  /** {@code x * scale + offset}. */
  public Value affine(Value x, float scale, float offset) {
    return append(new Op.Affine(f32(x), scale, offset));
  }

  /** {@code min(max(x, low), high)}. */
  public Value clamp(Value x, float low, float high) {
    return append(new Op.Clamp(f32(x), low, high));
  }

  /** {@code a + b}, broadcast. */
  public Value add(Value a, Value b) {
    return binary(Op.Binary.Kind.ADD, a, b);
  }

  /** {@code a - b}, broadcast. */
  public Value sub(Value a, Value b) {
    return binary(Op.Binary.Kind.SUB, a, b);
  }

  /** {@code a * b}, broadcast. */
  public Value mul(Value a, Value b) {
    return binary(Op.Binary.Kind.MUL, a, b);
  }

  /** {@code a / b}, broadcast. */
  public Value div(Value a, Value b) {
    return binary(Op.Binary.Kind.DIV, a, b);
  }

  private Value binary(Op.Binary.Kind kind, Value a, Value b) {
    return append(new Op.Binary(kind, f32(a), f32(b)));
  }

  /** {@code x * (1 + scale) + shift}; shift and scale broadcast to x. */
  public Value modulate(Value x, Value shift, Value scale) {
    return append(new Op.Modulate(f32(x), f32(shift), f32(scale)));
  }

  /** {@code x + gate * y}; gate broadcasts to x. */
  public Value gatedResidual(Value x, Value gate, Value y) {
    return append(new Op.GatedResidual(f32(x), f32(gate), f32(y)));
  }

  /** Softmax over the last axis. */
  public Value softmax(Value x) {
    return append(new Op.Softmax(f32(x)));
  }

  /** Sum, mean or maximum along one axis, which keeps extent 1. */
  public Value reduce(Op.Reduce.Kind kind, Value x, int axis) {
    return append(new Op.Reduce(kind, f32(x), axis("reduce", x, axis)));
  }

  /** Rows of table [V, D] at ids, as F32. */
  public Value embedding(Value table, Value ids) {
    return append(new Op.Embedding(table, ids));
  }

  /** Codes [N, ...] (I8) times scales [N or 1, ceil(K/block)], K codes a row, as F32 [N, ...]. */
  public Value scaled(Value codes, Value scales, long block) {
    return append(new Op.Scaled(codes, f32(scales), block));
  }

  /** x as {@code dtype}; x itself if it already is. */
  public Value cast(Value x, DType dtype) {
    return x.dtype() == dtype ? x : append(new MovementOp.Cast(x, dtype));
  }

  /** The same elements under another shape. */
  public Value reshape(Value x, long... dims) {
    Shape shape;
    try {
      shape = Shape.of(dims);
    } catch (IllegalArgumentException e) {
      throw new TraceException("reshape", e.getMessage() + ", got " + x);
    }
    return append(new MovementOp.Reshape(x, shape));
  }

  /** Result axis i is x's axis {@code axes[i]}. */
  public Value permute(Value x, Integer... axes) {
    return append(new MovementOp.Permute(x, List.of(axes)));
  }

  /** {@code [start, start + length)} along one axis. */
  public Value slice(Value x, int axis, long start, long length) {
    return append(new MovementOp.Slice(x, axis("slice", x, axis), start, length));
  }

  /** Parts joined along one axis. */
  public Value concat(int axis, Value... parts) {
    if (parts.length == 0) {
      throw new TraceException("concat", "needs at least one part");
    }
    return append(new MovementOp.Concat(List.of(parts), axis("concat", parts[0], axis)));
  }

  /** Each row and column of x [T, H, W, C] repeated {@code factor} times. */
  public Value upsample(Value x, int factor) {
    return append(new MovementOp.Upsample(f32(x), factor));
  }

  /** The non-negative index of an axis that may count from the end. */
  private static int axis(String op, Value x, int axis) {
    int rank = x.shape().rank();
    if (axis < -rank || axis >= rank) {
      throw new TraceException(op, "there is no axis %d, got %s".formatted(axis, x));
    }
    return x.shape().axis(axis);
  }

  private Value f32(Value value) {
    return value.dtype().isFloating() ? cast(value, DType.F32) : value;
  }

  private @Nullable Value f32OrNull(@Nullable Value value) {
    return value == null ? null : f32(value);
  }

  private Value append(Op op, DType dtype, Shape shape) {
    Value value = new Value(values.size(), op, dtype, shape, region);
    values.add(value);
    return value;
  }
}
