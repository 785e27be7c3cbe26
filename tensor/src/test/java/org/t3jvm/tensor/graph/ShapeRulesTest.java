package org.t3jvm.tensor.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern.Inward;

/** The edges of what ops accept, beside what {@link TracerTest} has; whole messages are checked. */
class ShapeRulesTest {
  private final Tracer g = new Tracer();
  private final Value x = g.input("x", DType.F32, Shape.of(2, 3));

  private static void refused(String message, Supplier<Value> traced) {
    assertThatExceptionOfType(TraceException.class).isThrownBy(traced::get).withMessage(message);
  }

  @Test
  void axesThatAreNotThere() {
    for (int axis : new int[] {2, -3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      String problem = "there is no axis " + axis + ", got x F32 [2, 3]";
      refused("slice: " + problem, () -> g.slice(x, axis, 0, 1));
      refused("concat: " + problem, () -> g.concat(axis, x, x));
      refused("reduce: " + problem, () -> g.reduce(Op.Reduce.Kind.SUM, x, axis));
    }
    refused(
        "permute: [-1, 0] is no order of the axes, got x F32 [2, 3]", () -> g.permute(x, -1, 0));
    assertThat(g.slice(x, -2, 1, 1).shape()).isEqualTo(Shape.of(1, 3));
    assertThat(g.concat(-1, x, x).shape()).isEqualTo(Shape.of(2, 6));
  }

  /** Of the last two, the end is beyond 2^63. */
  @Test
  void rangesOutside() {
    long[][] outside = {{-1, 1}, {2, 2}, {0, -1}, {4, 0}, {Long.MAX_VALUE, 1}, {1, Long.MAX_VALUE}};
    for (long[] range : outside) {
      refused(
          "slice: %d from %d on are outside axis 1, got x F32 [2, 3]".formatted(range[1], range[0]),
          () -> g.slice(x, 1, range[0], range[1]));
    }
    assertThat(g.slice(x, 1, 3, 0).shape()).isEqualTo(Shape.of(2, 0));
  }

  @Test
  void countsBelowOne() {
    Value rows = g.input("rows", DType.F32, Shape.of(2, 12));
    TokenGrid grid = new TokenGrid(1, 1, 2);
    Value frames = g.input("frames", DType.F32, Shape.of(1, 2, 3, 4));
    for (int count : new int[] {0, -1}) {
      refused(
          "rope: %d heads must divide the columns into an even d with d/3 even, got rows F32 [2, 12]"
              .formatted(count),
          () -> g.rope(rows, count, grid));
      refused(
          "attention: %d heads do not divide the columns, got x F32 [2, 3], x F32 [2, 3], x F32 [2, 3]"
              .formatted(count),
          () -> g.attention(x, x, x, count, 1, new AttentionPattern.Full(), null));
      refused(
          "upsample: the factor must be at least 1, not %d, got frames F32 [1, 2, 3, 4]"
              .formatted(count),
          () -> g.upsample(frames, count));
    }
    refused("concat: needs at least one part", () -> g.concat(0));
    refused(
        "reshape: shape [-1, 6] has a negative extent, got x F32 [2, 3]",
        () -> g.reshape(x, -1, 6));
  }

  @Test
  void quantisedWeights() {
    Value codes = g.parameter("codes", DType.I8, Shape.of(4, 3));
    Value scales = g.parameter("scales", DType.F16, Shape.of(4, 2));
    Value one = g.parameter("one", DType.F32, Shape.of(1, 1));
    assertThat(g.scaled(codes, scales, 2).shape()).isEqualTo(Shape.of(4, 3));
    assertThat(g.scaled(codes, one, 3).dtype()).isEqualTo(DType.F32);
    assertThat(g.scaled(codes, one, Long.MAX_VALUE).shape()).isEqualTo(Shape.of(4, 3));
    refused(
        "linear: codes I8 [4, 3] must be F32, BF16 or F16; quantised codes take their scales by a"
            + " scaled op, got x F32 [2, 3], codes I8 [4, 3]",
        () -> g.linear(x, codes, null));
    refused(
        "add: codes I8 [4, 3] must be F32, got x F32 [2, 3], codes I8 [4, 3]",
        () -> g.add(x, codes));
    refused(
        "scaled: codes must be I8, F8_E4M3 or F8_E5M2, got x F32 [2, 3], one F32 [1, 1]",
        () -> g.scaled(x, one, 3));
    refused(
        "scaled: the block must be at least 1, not 0, got codes I8 [4, 3], one F32 [1, 1]",
        () -> g.scaled(codes, one, 0));
    refused(
        "scaled: codes [N, ...] of K a row need scales [N or 1, ceil(K/2)],"
            + " got codes I8 [4, 3], one F32 [1, 1]",
        () -> g.scaled(codes, one, 2));
  }

  @Test
  void inwardWindows() {
    Value q = g.input("q", DType.F32, Shape.of(24, 4));
    Value k = g.input("k", DType.F32, Shape.of(26, 4));
    TokenGrid grid = new TokenGrid(2, 3, 4);
    assertThat(g.attention(q, k, k, 2, 1, new Inward(grid, 1, 9, 2), null).shape())
        .isEqualTo(Shape.of(24, 4));
    refused(
        "attention: the window grid 2x3x4 has 24 tokens and 3 extra keys, got q F32 [24, 4],"
            + " k F32 [26, 4], k F32 [26, 4]",
        () -> g.attention(q, k, k, 2, 1, new Inward(grid, 1, 1, 3), null));
    refused(
        "attention: a bias needs the full pattern, got q F32 [24, 4], q F32 [24, 4], q F32 [24, 4],"
            + " bias F32 [1, 1, 24]",
        () ->
            g.attention(
                q,
                q,
                q,
                2,
                1,
                new Inward(grid, 1, 1, 0),
                g.input("bias", DType.F32, Shape.of(1, 1, 24))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Inward(grid, 1, -2, 0))
        .withMessage(
            "attention: an inward window reaches 1,-2 with 0 extra keys, none may be negative");
  }

  @Test
  void biasesOfAnotherSize() {
    Value bias = g.input("bias", DType.F32, Shape.of(3));
    Value frames = g.input("frames", DType.F32, Shape.of(1, 2, 3, 4));
    Value kernel = g.parameter("kernel", DType.F16, Shape.of(7, 4, 1, 1, 1));
    refused(
        "conv3d: bias must be [7], got frames F32 [1, 2, 3, 4], kernel F16 [7, 4, 1, 1, 1],"
            + " bias F32 [3]",
        () -> g.conv3d(frames, kernel, bias, ConvGeometry.valid()));
    Value row = g.input("row", DType.F32, Shape.of(2));
    refused(
        "norm: bias must be [3], got x F32 [2, 3], row F32 [2]",
        () -> g.layerNorm(x, null, row, 1e-6f));
  }

  @Test
  void attentionBiasesOfOtherHeadsOrKeys() {
    Value q = g.input("q", DType.F32, Shape.of(5, 12));
    for (Shape shape : List.of(Shape.of(2, 5, 5), Shape.of(3, 5, 1), Shape.of(5, 5))) {
      Value bias = g.input("bias " + shape, DType.F32, shape);
      refused(
          "attention: bias must be [heads or 1, Nq or 1, Nk], got q F32 [5, 12], q F32 [5, 12],"
              + " q F32 [5, 12], bias %s F32 %s".formatted(shape, shape),
          () -> g.attention(q, q, q, 3, 1, new AttentionPattern.Full(), bias));
    }
  }

  /** A head of 7 has 2 dims each for h and w, and would have 3 for t. */
  @Test
  void ropeOfAnOddHead() {
    Value rows = g.input("rows", DType.F32, Shape.of(2, 14));
    refused(
        "rope: 2 heads must divide the columns into an even d with d/3 even, got rows F32 [2, 14]",
        () -> g.rope(rows, 2, new TokenGrid(1, 1, 2)));
  }

  /** With stride 2 or more too, where the division would round -1 to 0. */
  @Test
  void kernelsLargerThanTheirPaddedFrames() {
    Value frames = g.input("frames", DType.F32, Shape.of(3, 3, 3, 1));
    for (int axis = 0; axis < 3; axis++) {
      long[] dims = {1, 1, 3, 3, 3};
      dims[2 + axis] = 5;
      Value kernel = g.parameter("kernel" + axis, DType.F32, Shape.of(dims));
      for (int stride = 1; stride <= 3; stride++) {
        int s = stride;
        refused(
            "conv3d: the kernel is larger than the padded x, got frames F32 [3, 3, 3, 1], %s"
                .formatted(kernel),
            () -> g.conv3d(frames, kernel, null, new ConvGeometry(s, s, s, 0, 1, 1, 0, 0, 1)));
        assertThat(g.conv3d(frames, kernel, null, new ConvGeometry(s, s, s, 1, 1, 1, 1, 1, 1)))
            .as("padded to fit, stride %d", s)
            .isNotNull();
      }
    }
  }

  @Test
  void paddingBelowZeroOnEitherSide() {
    for (int side = 0; side < 6; side++) {
      int[] p = new int[6];
      p[side] = -1;
      assertThatIllegalArgumentException()
          .as("side %d", side)
          .isThrownBy(() -> new ConvGeometry(1, 1, 1, p[0], p[1], p[2], p[3], p[4], p[5]))
          .withMessage("conv3d: padding must not be negative");
    }
  }

  @Test
  void parametersOfAnotherDtype() {
    g.parameter("w", DType.F16, Shape.of(5, 6));
    refused(
        "parameter: 'w' is w F16 [5, 6], now requested as BF16 [5, 6]",
        () -> g.parameter("w", DType.BF16, Shape.of(5, 6)));
  }
}
