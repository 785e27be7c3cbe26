package org.t3jvm.tensor.cases;

import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * Cases of a few ops each, that hand values on as models do: parts and reorderings of other values
 * as operands, values that are used twice, constants, results that are inputs.
 */
final class ChainCases {
  private ChainCases() {}

  static List<OpCase> all() {
    return List.of(
        block(13, 24, 56),
        block(70, 48, 96),
        block(301, 40, 530),
        afterConv(),
        rotatedNorm(),
        selfAttention(),
        attentionByHand(),
        causalConv(),
        rowsOfInput(),
        columnsOfInput(),
        partsOfWeights(),
        turnedWeights(),
        turnedRows(),
        constants(),
        usedTwice(),
        halfInput(),
        partOfIds(),
        given(true),
        given(false),
        movedChain());
  }

  private static Tolerance tolerance(long terms, double magnitude) {
    return Tolerance.ofSum(terms, magnitude);
  }

  /** Norm, modulation, two linear maps and a gate, as in a transformer block. */
  private static OpCase block(int rows, int d, int hidden) {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", rows, d);
    Value mods = c.input("mods", 3, d);
    Value h = c.g.layerNorm(x, null, null, 1e-6f);
    h = c.g.modulate(h, c.g.slice(mods, 0, 0, 1), c.g.slice(mods, 0, 1, 1));
    h =
        c.g.linear(
            h, c.parameter("up", DType.BF16, hidden, d), c.parameter("b", DType.F32, hidden));
    h = c.g.linear(c.g.geluTanh(h), c.parameter("down", DType.F16, d, hidden), null);
    return c.returns(
        c.g.gatedResidual(x, c.g.slice(mods, 0, 2, 1), h),
        tolerance((long) d + hidden, 8 * Math.sqrt(d)),
        "a block of norm, modulation, linear, gelu, linear, gate, [%dx%d], %d hidden",
        rows,
        d,
        hidden);
  }

  /** A residual, then an activation, on the result of a convolution. */
  private static OpCase afterConv() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 4, 9, 10, 6);
    Value weight = c.parameter("weight", DType.F32, 6, 6, 1, 3, 3);
    Value y = c.g.conv3d(x, weight, null, ConvGeometry.sameInSpace(3, 3));
    return c.returns(c.g.silu(c.g.add(x, y)), tolerance(6 * 9, 8), "conv3d, add, silu, [4x9x10x6]");
  }

  /** Norm and rotation of whole rows, more of them than a block takes, and a gate from outside. */
  private static OpCase rotatedNorm() {
    CaseBuilder c = new CaseBuilder("chain");
    TokenGrid grid = new TokenGrid(5, 10, 14);
    Value x = c.input("x", grid.tokens(), 36);
    Value weight = c.parameter("weight", DType.F32, 36);
    Value y = c.g.rope(c.g.rmsNorm(c.g.affine(x, 2, 1), weight, 1e-6f), 3, grid);
    return c.returns(
        c.g.gatedResidual(x, c.input("gate", 1, 36), y),
        tolerance(36, 16),
        "affine, norm, rope, gate, [700x36]");
  }

  /** Queries, keys and values are parts of one linear map's result. */
  private static OpCase selfAttention() {
    CaseBuilder c = new CaseBuilder("chain");
    TokenGrid grid = new TokenGrid(2, 4, 6);
    Value x = c.input("x", grid.tokens(), 24);
    Value qkv = c.g.linear(x, c.parameter("qkv", DType.BF16, Fill.normal(0, 0.2), 72, 24), null);
    Value q = c.g.rope(c.g.rmsNorm(c.g.slice(qkv, 1, 0, 24), null, 1e-6f), 2, grid);
    Value k = c.g.rope(c.g.rmsNorm(c.g.slice(qkv, 1, 24, 24), null, 1e-6f), 2, grid);
    Value v = c.g.slice(qkv, 1, 48, 24);
    AttentionPattern windows =
        new AttentionPattern.Windows(
            grid, new WindowCounts(1, 2, 3), AttentionPattern.Grouping.BOTH);
    return c.returns(
        c.g.attention(q, k, v, 2, 0.288675f, windows, null),
        tolerance(72, 8),
        "queries, keys and values from one linear, norm, rope, windows");
  }

  /** Heads are moved to the front; batched products around a softmax. */
  private static OpCase attentionByHand() {
    CaseBuilder c = new CaseBuilder("chain");
    Value q = c.g.permute(c.g.reshape(c.input("q", 21, 36), 21, 3, 12), 1, 0, 2);
    Value k = c.g.permute(c.g.reshape(c.input("k", 33, 36), 33, 3, 12), 1, 0, 2);
    Value v = c.g.permute(c.g.reshape(c.input("v", 33, 36), 33, 3, 12), 1, 0, 2);
    Value weights = c.g.softmax(c.g.affine(c.g.matMul(q, k, true), 0.288675f, 0));
    Value y = c.g.permute(c.g.matMul(weights, v, false), 1, 0, 2);
    return c.returns(
        c.g.reshape(y, 21, 36),
        AttentionCases.tolerance(12, 33, 8),
        "attention by permute, matMul and softmax");
  }

  /** The last two frames before, then the frames, as a streaming decoder has it. */
  private static OpCase causalConv() {
    CaseBuilder c = new CaseBuilder("chain");
    Value state = c.input("state", 2, 5, 6, 8);
    Value x = c.input("x", 3, 5, 6, 8);
    Value padded = c.g.concat(0, state, c.g.silu(c.g.l2Norm(x, null, 1e-12f)));
    Value weight = c.parameter("weight", DType.F16, 8, 8, 3, 3, 3);
    Value y = c.g.conv3d(padded, weight, null, ConvGeometry.sameInSpace(3, 3));
    return c.returns(
        c.g.upsample(c.g.add(y, x), 2),
        tolerance(8 * 27, 2),
        "state, norm, silu, concat, conv3d, add, upsample");
  }

  /** Rows from the middle start at no multiple of a vector. */
  private static OpCase rowsOfInput() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.g.slice(c.input("x", 91, 7), 0, 3, 70);
    Value y = c.g.linear(x, c.parameter("weight", DType.F32, 9, 7), null);
    return c.returns(
        c.g.mul(c.g.silu(c.g.slice(y, 0, 1, 66)), c.g.slice(y, 0, 4, 66)),
        tolerance(7, 30),
        "rows of an input and of a result");
  }

  private static OpCase columnsOfInput() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 13, 5, 22);
    Value gate = c.g.softmax(c.g.slice(x, 2, 0, 11));
    Value value = c.g.rmsNorm(c.g.slice(x, 2, 11, 11), null, 1e-6f);
    return c.returns(
        c.g.reduce(Op.Reduce.Kind.SUM, c.g.mul(gate, value), 1),
        tolerance(16, 4),
        "columns of an input, softmax, norm, mul, reduce");
  }

  private static OpCase partsOfWeights() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 66, 15);
    Value weight = c.parameter("weight", DType.BF16, 40, 15);
    Value bias = c.parameter("bias", DType.BF16, 40);
    Value first = c.g.linear(x, c.g.slice(weight, 0, 1, 19), c.g.slice(bias, 0, 1, 19));
    Value second = c.g.linear(x, c.g.slice(weight, 0, 21, 19), c.g.slice(bias, 0, 21, 19));
    return c.returns(
        c.g.concat(1, first, second), tolerance(15, 1), "linear of parts of BF16 weights, concat");
  }

  private static OpCase turnedWeights() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 17, 13);
    Value weight = c.g.permute(c.parameter("weight", DType.F16, 13, 21), 1, 0);
    return c.returns(
        c.g.linear(x, weight, null), tolerance(13, 1), "linear of permuted F16 weights");
  }

  private static OpCase turnedRows() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.g.permute(c.input("x", 3, 29, 11), 1, 0, 2);
    Value y = c.g.matMul(x, c.g.permute(x, 0, 2, 1), false);
    return c.returns(y, tolerance(11, 4), "matMul of a permuted value with itself");
  }

  private static OpCase constants() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 5, 3);
    Value weight = c.g.constant(Tensor.ofFloats(Shape.of(2, 3), 1, -2, 3, 0.5f, 0, -1));
    Value offset = c.g.constant(Tensor.ofFloats(Shape.of(5, 1), 1, 2, 3, 4, 5));
    return c.returns(
        c.g.add(c.g.linear(x, weight, null), offset),
        tolerance(4, 8),
        "linear and add of constants");
  }

  private static OpCase usedTwice() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 7, 9);
    Value half = c.g.affine(x, 0.5f, 0);
    Value square = c.g.mul(half, half);
    Value y = c.g.sub(c.g.add(square, half), c.g.div(half, c.g.affine(square, 1, 1)));
    return c.returns(
        c.g.concat(0, y, half, y), tolerance(4, 16), "mul, add, div, concat of values used again");
  }

  private static OpCase halfInput() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", DType.BF16, Fill.NORMAL, 19, 23);
    Value y = c.g.cast(c.g.silu(c.g.rmsNorm(x, null, 1e-6f)), DType.F16);
    // The casts' rounding may go the other way where the F32 results differ.
    Tolerance tolerance = Tolerance.ofUlps(0x1p13, "one unit in the last place of F16");
    return c.returns(
        y, tolerance.orAbsolute(0x1p-23, "subnormal F16"), "norm and silu from BF16 to F16");
  }

  private static OpCase partOfIds() {
    CaseBuilder c = new CaseBuilder("chain");
    Value ids = c.g.slice(c.input("ids", DType.I64, Fill.whole(0, 6), 3, 5), 0, 1, 2);
    Value table = c.g.slice(c.parameter("table", DType.BF16, 9, 13), 0, 3, 6);
    return c.returns(
        c.g.embedding(table, ids), Tolerance.EXACT, "embedding of part of the ids and table");
  }

  /** The graph's result is computed by nobody. */
  private static OpCase given(boolean input) {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = input ? c.input("x", 5, 7) : c.parameter("x", DType.BF16, 5, 7);
    return c.returns(x, Tolerance.EXACT, "a result that is %s", input ? "an input" : "a parameter");
  }

  private static OpCase movedChain() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 4, 6, 10);
    Value y = c.g.reshape(c.g.permute(x, 2, 0, 1), 5, 2, 24);
    y = c.g.permute(c.g.slice(y, 1, 1, 1), 2, 1, 0);
    return c.returns(
        c.g.reshape(y, 3, 40), Tolerance.EXACT, "permute, reshape, slice, permute, reshape");
  }
}
