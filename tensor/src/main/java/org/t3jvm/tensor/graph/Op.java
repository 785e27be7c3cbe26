package org.t3jvm.tensor.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * The ops of a graph, each a record of its operands and settings with one result.
 *
 * <p>The reference backend defines what each op means; {@link ShapeRules} what it accepts. Axis
 * settings are resolved (never negative). Only {@link Linear} and {@link MatMul} and {@link Conv3d}
 * weights and {@link Embedding} tables may be F16 or BF16; every other operand is F32 unless
 * stated. Weights of fewer bits than that are {@link Scaled} codes.
 *
 * <p>Every op belongs to one family, the sealed interface that it implements, and states there what
 * rewrites and backends need to know: {@link #hasIndependentRows}, {@link #overwritable}, {@link
 * MovementOp#view}. Code that treats all ops of a family alike names the family.
 */
public sealed interface Op {
  /** The values this op reads, in the order of the record's components. */
  List<Value> operands();

  /**
   * The same op on other operands.
   *
   * @param to called once for each of {@link #operands()}, in their order; operands that are absent
   *     stay absent
   */
  Op mapOperands(UnaryOperator<Value> to);

  /**
   * Whether a row of the result, along its outermost axis, depends on the same rows of the operands
   * that {@link #readsRows} names and on all of the others, so that any rows can be computed
   * without the rest.
   */
  default boolean hasIndependentRows() {
    return false;
  }

  /**
   * Of an op with independent rows: whether a row of the result needs only the same row of an
   * operand.
   *
   * @param operand index in {@link #operands()}
   * @param result shape of the op's result
   */
  default boolean readsRows(int operand, Shape result) {
    return operand == 0;
  }

  /**
   * Operands that the result may be written over if they have its shape: no element, or no row of
   * the last axis, is read after the result's at the same place is computed.
   */
  default List<Value> overwritable() {
    return List.of();
  }

  /** The op's name in messages and profiles: the record's name with a small first letter. */
  default String opName() {
    String simple = getClass().getSimpleName();
    return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
  }

  /** What a graph is given: it has no operands and is not computed. */
  sealed interface Given extends Op {
    @Override
    default List<Value> operands() {
      return List.of();
    }

    @Override
    default Given mapOperands(UnaryOperator<Value> to) {
      return this;
    }
  }

  /** What a graph computes. */
  sealed interface Computed extends Op
      permits Product, Elementwise, RowWise, Reduction, Widening, MovementOp, GradientOp {
    @Override
    Computed mapOperands(UnaryOperator<Value> to);
  }

  /** Sums of products, which {@link OpWork} counts. */
  sealed interface Product extends Computed {}

  /**
   * An F32 function of elements: each element of the result depends on the elements at its place of
   * the operands, which are broadcast to the result's shape.
   */
  sealed interface Elementwise extends Computed {
    @Override
    List<Value> overwritable();

    @Override
    default boolean hasIndependentRows() {
      return true;
    }

    @Override
    default boolean readsRows(int operand, Shape result) {
      Shape shape = operands().get(operand).shape();
      return shape.rank() == result.rank() && shape.dim(0) == result.dim(0);
    }
  }

  /**
   * An F32 function of rows of the last axis: the result has the first operand's shape, and each of
   * its rows depends on that operand's row at the same place.
   */
  sealed interface RowWise extends Computed {
    @Override
    List<Value> overwritable();
  }

  /** Gives one element for all elements along an axis, whose extent becomes 1. */
  sealed interface Reduction extends Computed {}

  /** F32 values of stored weights, which may have fewer bits. */
  sealed interface Widening extends Computed {}

  /** A tensor given at every run. */
  record Input(String name) implements Given {}

  /** A tensor bound once, when the graph is compiled; keeps its stored dtype. */
  record Parameter(String name) implements Given {}

  /** A small tensor known while tracing. */
  record Constant(Tensor tensor) implements Given {}

  /** {@code y [..., N] = x [..., K] weight[N, K]^T + bias [N]}. */
  record Linear(Value x, Value weight, @Nullable Value bias) implements Product {
    @Override
    public List<Value> operands() {
      return present(x, weight, bias);
    }

    @Override
    public Linear mapOperands(UnaryOperator<Value> to) {
      return new Linear(to.apply(x), to.apply(weight), mapped(bias, to));
    }

    @Override
    public boolean hasIndependentRows() {
      return true;
    }
  }

  /** {@code c [B..., M, N] = a [B..., M, K] b [B..., K, N]}, b as [B..., N, K] if transposed. */
  record MatMul(Value a, Value b, boolean transposeB) implements Product {
    @Override
    public List<Value> operands() {
      return List.of(a, b);
    }

    @Override
    public MatMul mapOperands(UnaryOperator<Value> to) {
      return new MatMul(to.apply(a), to.apply(b), transposeB);
    }
  }

  /**
   * {@code softmax(scale q k^T + bias) v} per head: q [Nq, heads*d], k [Nk, heads*d], v [Nk,
   * heads*d] give [Nq, heads*d]; a head is a contiguous slice of the columns, and there may be more
   * keys than queries. The bias, where given, is [heads or 1, Nq or 1, Nk] and only meets {@link
   * AttentionPattern.Full}. There may be more keys than queries.
   */
  record Attention(
      Value q,
      Value k,
      Value v,
      int heads,
      float scale,
      AttentionPattern pattern,
      @Nullable Value bias)
      implements Product {
    @Override
    public List<Value> operands() {
      return present(q, k, v, bias);
    }

    @Override
    public Attention mapOperands(UnaryOperator<Value> to) {
      return new Attention(
          to.apply(q), to.apply(k), to.apply(v), heads, scale, pattern, mapped(bias, to));
    }

    @Override
    public boolean hasIndependentRows() {
      return pattern instanceof AttentionPattern.Full && (bias == null || bias.shape().dim(1) == 1);
    }

    /** Columns of one head, d. */
    public int headDim() {
      return q.shape().intDim(1) / heads;
    }
  }

  /**
   * Cross-correlation over channels-last frames: x [T, H, W, C], weight [O, C, kt, kh, kw], bias
   * [O] give [T', H', W', O].
   */
  record Conv3d(Value x, Value weight, @Nullable Value bias, ConvGeometry geometry)
      implements Product {
    @Override
    public List<Value> operands() {
      return present(x, weight, bias);
    }

    @Override
    public Conv3d mapOperands(UnaryOperator<Value> to) {
      return new Conv3d(to.apply(x), to.apply(weight), mapped(bias, to), geometry);
    }
  }

  /** Normalises the last axis of x [..., D]; weight and bias [D]. */
  record Norm(Kind kind, Value x, @Nullable Value weight, @Nullable Value bias, float eps)
      implements RowWise {
    /** How the last axis is normalised. */
    public enum Kind {
      /** {@code x / sqrt(mean(x^2) + eps)}. */
      RMS,
      /** {@code (x - mean) / sqrt(biased variance + eps)}. */
      LAYER,
      /** {@code x / max(||x||_2, eps) * sqrt(D)}. */
      L2
    }

    @Override
    public List<Value> operands() {
      return present(x, weight, bias);
    }

    @Override
    public Norm mapOperands(UnaryOperator<Value> to) {
      return new Norm(kind, to.apply(x), mapped(weight, to), mapped(bias, to), eps);
    }

    @Override
    public List<Value> overwritable() {
      return List.of(x);
    }

    @Override
    public boolean hasIndependentRows() {
      return true;
    }
  }

  /**
   * What {@link Norm.Kind#RMS} multiplies a row by before the weight: x [..., D] gives [..., 1],
   * {@code 1 / sqrt(mean(x^2) + eps)}. Columns normalised by it apart from the others are equal,
   * bit for bit, to those of the whole row's norm.
   */
  record RmsFactor(Value x, float eps) implements Reduction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public RmsFactor mapOperands(UnaryOperator<Value> to) {
      return new RmsFactor(to.apply(x), eps);
    }

    @Override
    public boolean hasIndependentRows() {
      return true;
    }
  }

  /**
   * Rotary embedding over a token grid: x [T*H*W, heads*d]; within each head the pairs (x[2j],
   * x[2j+1]) turn by position * 10000^(-2j/a), axis dims (d - 2*(d/3), d/3, d/3) for t, h, w (SPEC
   * 4).
   */
  record Rope(Value x, int heads, TokenGrid grid) implements RowWise {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Rope mapOperands(UnaryOperator<Value> to) {
      return new Rope(to.apply(x), heads, grid);
    }

    @Override
    public List<Value> overwritable() {
      return List.of(x);
    }
  }

  /** An elementwise function of one value. */
  record Unary(Kind kind, Value x) implements Elementwise {
    /** The function. */
    public enum Kind {
      SILU,
      /** {@code 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
      GELU_TANH,
      EXP,
      SQRT
    }

    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Unary mapOperands(UnaryOperator<Value> to) {
      return new Unary(kind, to.apply(x));
    }

    @Override
    public List<Value> overwritable() {
      return List.of(x);
    }

    @Override
    public String opName() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code x * scale + offset} with two numbers. */
  record Affine(Value x, float scale, float offset) implements Elementwise {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Affine mapOperands(UnaryOperator<Value> to) {
      return new Affine(to.apply(x), scale, offset);
    }

    @Override
    public List<Value> overwritable() {
      return List.of(x);
    }
  }

  /** {@code min(max(x, low), high)}. */
  record Clamp(Value x, float low, float high) implements Elementwise {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Clamp mapOperands(UnaryOperator<Value> to) {
      return new Clamp(to.apply(x), low, high);
    }

    @Override
    public List<Value> overwritable() {
      return List.of(x);
    }
  }

  /** An elementwise function of two values, broadcast over right-aligned axes of extent 1. */
  record Binary(Kind kind, Value a, Value b) implements Elementwise {
    /** The function. */
    public enum Kind {
      ADD,
      SUB,
      MUL,
      DIV
    }

    @Override
    public List<Value> operands() {
      return List.of(a, b);
    }

    @Override
    public Binary mapOperands(UnaryOperator<Value> to) {
      return new Binary(kind, to.apply(a), to.apply(b));
    }

    @Override
    public List<Value> overwritable() {
      return List.of(a, b);
    }

    @Override
    public String opName() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code x * (1 + scale) + shift}; shift and scale broadcast against x [..., D]. */
  record Modulate(Value x, Value shift, Value scale) implements Elementwise {
    @Override
    public List<Value> operands() {
      return List.of(x, shift, scale);
    }

    @Override
    public Modulate mapOperands(UnaryOperator<Value> to) {
      return new Modulate(to.apply(x), to.apply(shift), to.apply(scale));
    }

    @Override
    public List<Value> overwritable() {
      return List.of(x);
    }
  }

  /** {@code x + gate * y}; gate broadcasts against x and y [..., D]. */
  record GatedResidual(Value x, Value gate, Value y) implements Elementwise {
    @Override
    public List<Value> operands() {
      return List.of(x, gate, y);
    }

    @Override
    public GatedResidual mapOperands(UnaryOperator<Value> to) {
      return new GatedResidual(to.apply(x), to.apply(gate), to.apply(y));
    }

    @Override
    public List<Value> overwritable() {
      return List.of(x, y);
    }
  }

  /** Softmax over the last axis. */
  record Softmax(Value x) implements RowWise {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Softmax mapOperands(UnaryOperator<Value> to) {
      return new Softmax(to.apply(x));
    }

    @Override
    public List<Value> overwritable() {
      return List.of(x);
    }

    @Override
    public boolean hasIndependentRows() {
      return true;
    }
  }

  /** Reduces one axis to extent 1. */
  record Reduce(Kind kind, Value x, int axis) implements Reduction {
    /** What is computed along the axis. */
    public enum Kind {
      SUM,
      MEAN,
      MAX
    }

    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Reduce mapOperands(UnaryOperator<Value> to) {
      return new Reduce(kind, to.apply(x), axis);
    }
  }

  /** Rows of table [V, D] at ids (I64, any shape S) give F32 [S..., D]. */
  record Embedding(Value table, Value ids) implements Widening {
    @Override
    public List<Value> operands() {
      return List.of(table, ids);
    }

    @Override
    public Embedding mapOperands(UnaryOperator<Value> to) {
      return new Embedding(to.apply(table), to.apply(ids));
    }
  }

  /**
   * A quantised tensor's values: codes [N, ...] (I8 or F8_E4M3) times scales [N or 1,
   * ceil(K/block)] give F32 [N, ...]. A row is what follows the outermost axis, K elements; each
   * {@code block} of them has one scale, and one row of scales may serve all. With {@code block} K
   * that is one scale a row, or one a tensor.
   *
   * <p>A backend need not keep the values: the CPU's products and lookups multiply by the scales
   * while they read a weight. A further dtype of codes needs no more than {@link ShapeRules}
   * accepting it, {@link Tensor#getDouble} reading it, and the CPU's {@code ScaledRows} widening
   * it.
   */
  record Scaled(Value codes, Value scales, long block) implements Widening {
    @Override
    public List<Value> operands() {
      return List.of(codes, scales);
    }

    @Override
    public Scaled mapOperands(UnaryOperator<Value> to) {
      return new Scaled(to.apply(codes), to.apply(scales), block);
    }
  }

  private static @Nullable Value mapped(@Nullable Value operand, UnaryOperator<Value> to) {
    return operand == null ? null : to.apply(operand);
  }

  private static List<Value> present(@Nullable Value... values) {
    List<Value> present = new ArrayList<>();
    for (Value value : values) {
      if (value != null) {
        present.add(value);
      }
    }
    return List.copyOf(present);
  }
}
