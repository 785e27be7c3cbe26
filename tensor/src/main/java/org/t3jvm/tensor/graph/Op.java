package org.t3jvm.tensor.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * The ops of a graph, each a record of its operands and settings with one result.
 *
 * <p>The reference backend defines what each op means; {@link ShapeRules} what it accepts. Axis
 * settings are resolved (never negative). Only {@link Linear} and {@link MatMul} and {@link Conv3d}
 * weights and {@link Embedding} tables may be F16 or BF16; every other operand is F32 unless
 * stated. Weights of fewer bits than that are {@link Scaled} codes.
 */
public sealed interface Op {
  /** The values this op reads. */
  List<Value> operands();

  /** The op's name in messages and profiles: the record's name with a small first letter. */
  default String opName() {
    String simple = getClass().getSimpleName();
    return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
  }

  /** A tensor given at every run. */
  record Input(String name) implements Op {
    @Override
    public List<Value> operands() {
      return List.of();
    }
  }

  /** A tensor bound once, when the graph is compiled; keeps its stored dtype. */
  record Parameter(String name) implements Op {
    @Override
    public List<Value> operands() {
      return List.of();
    }
  }

  /** A small tensor known while tracing. */
  record Constant(Tensor tensor) implements Op {
    @Override
    public List<Value> operands() {
      return List.of();
    }
  }

  /** {@code y [..., N] = x [..., K] weight[N, K]^T + bias [N]}. */
  record Linear(Value x, Value weight, @Nullable Value bias) implements Op {
    @Override
    public List<Value> operands() {
      return present(x, weight, bias);
    }
  }

  /** {@code c [B..., M, N] = a [B..., M, K] b [B..., K, N]}, b as [B..., N, K] if transposed. */
  record MatMul(Value a, Value b, boolean transposeB) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(a, b);
    }
  }

  /**
   * {@code softmax(scale q k^T + bias) v} per head: q [Nq, heads*d], k [Nk, heads*d], v [Nk,
   * heads*d] give [Nq, heads*d]; a head is a contiguous slice of the columns. The bias, where
   * given, is [heads or 1, Nq or 1, Nk] and only meets {@link AttentionPattern.Full}.
   */
  record Attention(
      Value q,
      Value k,
      Value v,
      int heads,
      float scale,
      AttentionPattern pattern,
      @Nullable Value bias)
      implements Op {
    @Override
    public List<Value> operands() {
      return present(q, k, v, bias);
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
  record Conv3d(Value x, Value weight, @Nullable Value bias, ConvGeometry geometry) implements Op {
    @Override
    public List<Value> operands() {
      return present(x, weight, bias);
    }
  }

  /** Normalises the last axis of x [..., D]; weight and bias [D]. */
  record Norm(Kind kind, Value x, @Nullable Value weight, @Nullable Value bias, float eps)
      implements Op {
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
  }

  /**
   * What {@link Norm.Kind#RMS} multiplies a row by before the weight: x [..., D] gives [..., 1],
   * {@code 1 / sqrt(mean(x^2) + eps)}. Columns normalised by it apart from the others are equal,
   * bit for bit, to those of the whole row's norm.
   */
  record RmsFactor(Value x, float eps) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /**
   * Rotary embedding over a token grid: x [T*H*W, heads*d]; within each head the pairs (x[2j],
   * x[2j+1]) turn by position * 10000^(-2j/a), axis dims (d - 2*(d/3), d/3, d/3) for t, h, w (SPEC
   * 4).
   */
  record Rope(Value x, int heads, TokenGrid grid) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** An elementwise function of one value. */
  record Unary(Kind kind, Value x) implements Op {
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
    public String opName() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code x * scale + offset} with two numbers. */
  record Affine(Value x, float scale, float offset) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** {@code min(max(x, low), high)}. */
  record Clamp(Value x, float low, float high) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** An elementwise function of two values, broadcast over right-aligned axes of extent 1. */
  record Binary(Kind kind, Value a, Value b) implements Op {
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
    public String opName() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code x * (1 + scale) + shift}; shift and scale broadcast against x [..., D]. */
  record Modulate(Value x, Value shift, Value scale) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x, shift, scale);
    }
  }

  /** {@code x + gate * y}; gate broadcasts against x and y [..., D]. */
  record GatedResidual(Value x, Value gate, Value y) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x, gate, y);
    }
  }

  /** Softmax over the last axis. */
  record Softmax(Value x) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** Reduces one axis to extent 1. */
  record Reduce(Kind kind, Value x, int axis) implements Op {
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
  }

  /** Rows of table [V, D] at ids (I64, any shape S) give F32 [S..., D]. */
  record Embedding(Value table, Value ids) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(table, ids);
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
  record Scaled(Value codes, Value scales, long block) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(codes, scales);
    }
  }

  /** Conversion between dtypes. */
  record Cast(Value x, DType dtype) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** The same elements in the same order under another shape. */
  record Reshape(Value x, Shape shape) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** Reorders axes: result axis i is x's axis {@code axes.get(i)}. */
  record Permute(Value x, List<Integer> axes) implements Op {
    public Permute {
      axes = List.copyOf(axes);
    }

    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** {@code [start, start + length)} along one axis. */
  record Slice(Value x, int axis, long start, long length) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** Joins values along one axis. */
  record Concat(List<Value> parts, int axis) implements Op {
    public Concat {
      parts = List.copyOf(parts);
    }

    @Override
    public List<Value> operands() {
      return parts;
    }
  }

  /** Repeats each row and column: x [T, H, W, C] gives [T, H*factor, W*factor, C] (nearest). */
  record Upsample(Value x, int factor) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
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
