package org.t3jvm.tensor.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;

class TracerTest {
  private static final AttentionPattern FULL = new AttentionPattern.Full();

  /**
   * Something that must not be traced.
   *
   * @param parts what the message must hold
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Wrong(String what, Function<Tracer, Value> trace, String... parts) {}

  private static Value f32(Tracer g, String name, long... dims) {
    return g.input(name, DType.F32, Shape.of(dims));
  }

  private static Value bf16(Tracer g, String name, long... dims) {
    return g.parameter(name, DType.BF16, Shape.of(dims));
  }

  private static Value ids(Tracer g, String name, long... dims) {
    return g.input(name, DType.I64, Shape.of(dims));
  }

  private static List<Wrong> wrong() {
    TokenGrid grid = new TokenGrid(1, 2, 4);
    AttentionPattern windows =
        new AttentionPattern.Windows(grid, new WindowCounts(1, 2, 2), Grouping.BOTH);
    ConvGeometry valid = ConvGeometry.valid();
    return List.of(
        new Wrong(
            "linear of other inner sizes",
            g -> g.linear(f32(g, "x", 2, 3, 64), bf16(g, "ffn.0.weight", 32, 96), null),
            "linear: inner sizes differ",
            "x F32 [2, 3, 64]",
            "ffn.0.weight BF16 [32, 96]"),
        new Wrong(
            "linear with a bias of another size",
            g -> g.linear(f32(g, "x", 3, 4), bf16(g, "w", 5, 4), f32(g, "b", 4)),
            "linear: bias must be [5]",
            "b F32 [4]"),
        new Wrong(
            "linear with a weight of rank 3",
            g -> g.linear(f32(g, "x", 3, 4), bf16(g, "w", 5, 4, 1), null),
            "linear: weight must be [N, K]",
            "w BF16 [5, 4, 1]"),
        new Wrong(
            "linear with a whole-number weight",
            g -> g.linear(f32(g, "x", 3, 4), ids(g, "w", 5, 4), null),
            "linear: w I64 [5, 4] must be F32, BF16 or F16"),
        new Wrong(
            "linear of whole numbers",
            g -> g.linear(ids(g, "x", 3, 4), bf16(g, "w", 5, 4), null),
            "linear: x I64 [3, 4] must be F32"),
        new Wrong(
            "matMul of other batches",
            g -> g.matMul(f32(g, "a", 2, 3, 4), f32(g, "b", 3, 4, 5), false),
            "matMul: batch sizes differ",
            "a F32 [2, 3, 4]",
            "b F32 [3, 4, 5]"),
        new Wrong(
            "matMul of b not transposed",
            g -> g.matMul(f32(g, "a", 3, 4), f32(g, "b", 5, 4), false),
            "matMul: inner sizes differ",
            "b F32 [5, 4]"),
        new Wrong(
            "matMul of b transposed",
            g -> g.matMul(f32(g, "a", 3, 4), f32(g, "b", 4, 5), true),
            "matMul: inner sizes differ"),
        new Wrong(
            "matMul of other ranks",
            g -> g.matMul(f32(g, "a", 1, 3, 4), f32(g, "b", 4, 5), false),
            "matMul: ranks must agree"),
        new Wrong(
            "attention of other widths",
            g ->
                g.attention(
                    f32(g, "q", 5, 8), f32(g, "k", 7, 6), f32(g, "v", 7, 6), 2, 1, FULL, null),
            "attention: q must be [Nq, heads*d]",
            "q F32 [5, 8]",
            "k F32 [7, 6]"),
        new Wrong(
            "attention of fewer values than keys",
            g ->
                g.attention(
                    f32(g, "q", 5, 8), f32(g, "k", 7, 8), f32(g, "v", 6, 8), 2, 1, FULL, null),
            "attention: ",
            "v F32 [6, 8]"),
        new Wrong(
            "attention of heads that do not divide",
            g ->
                g.attention(
                    f32(g, "q", 5, 8), f32(g, "k", 7, 8), f32(g, "v", 7, 8), 3, 1, FULL, null),
            "attention: 3 heads do not divide the columns",
            "[5, 8]"),
        new Wrong(
            "attention without keys",
            g ->
                g.attention(
                    f32(g, "q", 5, 8), f32(g, "k", 0, 8), f32(g, "v", 0, 8), 2, 1, FULL, null),
            "attention: there must be at least one key"),
        new Wrong(
            "attention with a bias of other rows",
            g ->
                g.attention(
                    f32(g, "q", 5, 8),
                    f32(g, "k", 7, 8),
                    f32(g, "v", 7, 8),
                    2,
                    1,
                    FULL,
                    f32(g, "bias", 2, 4, 7)),
            "attention: bias must be [heads or 1, Nq or 1, Nk]",
            "bias F32 [2, 4, 7]"),
        new Wrong(
            "window attention of other tokens",
            g -> {
              Value x = f32(g, "x", 9, 8);
              return g.attention(x, x, x, 2, 1, windows, null);
            },
            "attention: the window grid 1x2x4 has 8 tokens",
            "x F32 [9, 8]"),
        new Wrong(
            "window attention with a bias",
            g -> {
              Value x = f32(g, "x", 8, 8);
              return g.attention(x, x, x, 2, 1, windows, f32(g, "bias", 1, 1, 8));
            },
            "attention: a bias needs the full pattern"),
        new Wrong(
            "conv3d of other channels",
            g -> g.conv3d(f32(g, "x", 2, 5, 6, 3), bf16(g, "w", 8, 4, 1, 3, 3), null, valid),
            "conv3d: x must be [T, H, W, C] and weight [O, C, kt, kh, kw]",
            "x F32 [2, 5, 6, 3]",
            "w BF16 [8, 4, 1, 3, 3]"),
        new Wrong(
            "conv3d with a kernel larger than x",
            g -> g.conv3d(f32(g, "x", 2, 5, 6, 3), bf16(g, "w", 8, 3, 3, 3, 3), null, valid),
            "conv3d: the kernel is larger than the padded x"),
        new Wrong(
            "norm with a weight of another size",
            g -> g.rmsNorm(f32(g, "x", 5, 8), f32(g, "weight", 7), 1e-6f),
            "norm: weight must be [8]",
            "weight F32 [7]"),
        new Wrong(
            "norm of a scalar",
            g -> g.layerNorm(f32(g, "x"), null, null, 1e-6f),
            "norm: needs at least one axis"),
        new Wrong(
            "rope of other tokens",
            g -> g.rope(f32(g, "x", 9, 16), 2, grid),
            "rope: x must be [tokens of 1x2x4, heads*d]",
            "x F32 [9, 16]"),
        new Wrong(
            "rope of heads with an odd third",
            g -> g.rope(f32(g, "x", 8, 20), 2, grid),
            "rope: 2 heads must divide the columns into an even d with d/3 even",
            "x F32 [8, 20]"),
        new Wrong(
            "a function of whole numbers",
            g -> g.silu(ids(g, "tokens", 4)),
            "silu: tokens I64 [4] must be F32"),
        new Wrong(
            "shapes that do not broadcast",
            g -> g.add(f32(g, "a", 5, 7), f32(g, "b", 5)),
            "add: shapes do not broadcast",
            "a F32 [5, 7]",
            "b F32 [5]"),
        new Wrong(
            "a shift larger than x",
            g -> g.modulate(f32(g, "x", 7), f32(g, "shift", 5, 7), f32(g, "scale", 7)),
            "modulate: shift F32 [5, 7] does not broadcast to the shape of x",
            "x F32 [7]"),
        new Wrong(
            "a scale larger than x",
            g -> g.modulate(f32(g, "x", 1, 7), f32(g, "shift", 7), f32(g, "scale", 5, 7)),
            "modulate: scale F32 [5, 7] does not broadcast to the shape of x"),
        new Wrong(
            "a residual of another shape",
            g -> g.gatedResidual(f32(g, "x", 5, 7), f32(g, "gate", 7), f32(g, "y", 1, 7)),
            "gatedResidual: x and y must have one shape",
            "y F32 [1, 7]"),
        new Wrong(
            "softmax of a scalar",
            g -> g.softmax(f32(g, "x")),
            "softmax: needs at least one axis",
            "x F32 []"),
        new Wrong(
            "reduction of an empty axis",
            g -> g.reduce(Op.Reduce.Kind.MAX, f32(g, "x", 3, 0), 1),
            "reduce: the axis is empty",
            "x F32 [3, 0]"),
        new Wrong(
            "lookup of floats",
            g -> g.embedding(bf16(g, "table", 9, 4), f32(g, "ids", 3)),
            "embedding: table must be [V, D] and ids I64",
            "ids F32 [3]"),
        new Wrong(
            "reshape to other elements",
            g -> g.reshape(f32(g, "x", 2, 6), 5, 2),
            "reshape: element counts differ from those of [5, 2]",
            "x F32 [2, 6]"),
        new Wrong(
            "permute with an axis twice",
            g -> g.permute(f32(g, "x", 2, 6), 0, 0),
            "permute: [0, 0] is no order of the axes",
            "x F32 [2, 6]"),
        new Wrong(
            "permute of fewer axes",
            g -> g.permute(f32(g, "x", 2, 6), 0),
            "permute: [0] is no order of the axes"),
        new Wrong(
            "slice beyond the end",
            g -> g.slice(f32(g, "x", 2, 6), -1, 4, 3),
            "slice: 3 from 4 on are outside axis 1",
            "x F32 [2, 6]"),
        new Wrong(
            "concat of other shapes",
            g -> g.concat(1, f32(g, "a", 2, 3), f32(g, "b", 3, 3)),
            "concat: parts must agree on dtype and on all axes but 1",
            "a F32 [2, 3]",
            "b F32 [3, 3]"),
        new Wrong(
            "concat of other dtypes",
            g -> g.concat(0, f32(g, "a", 2, 3), ids(g, "b", 2, 3)),
            "concat: parts must agree on dtype",
            "b I64 [2, 3]"),
        new Wrong(
            "upsampling of matrices",
            g -> g.upsample(f32(g, "x", 2, 3), 2),
            "upsample: x must be [T, H, W, C]",
            "x F32 [2, 3]"),
        new Wrong(
            "slice longer than a long",
            g -> g.slice(f32(g, "x", 2, 6), 0, 1, Long.MAX_VALUE),
            "slice: 9223372036854775807 from 1 on are outside axis 0"),
        new Wrong(
            "an axis that is not there",
            g -> g.slice(f32(g, "x", 2, 6), 2, 0, 1),
            "slice: there is no axis 2",
            "x F32 [2, 6]"),
        new Wrong(
            "reduction along an axis that is not there",
            g -> g.reduce(Op.Reduce.Kind.SUM, f32(g, "x", 2, 6), -3),
            "reduce: there is no axis -3",
            "x F32 [2, 6]"),
        new Wrong("concat of nothing", g -> g.concat(0), "concat: needs at least one part"),
        new Wrong(
            "reshape to a negative extent",
            g -> g.reshape(f32(g, "x", 2, 6), -1, 6),
            "reshape: shape [-1, 6] has a negative extent",
            "x F32 [2, 6]"),
        new Wrong(
            "rope of no heads",
            g -> g.rope(f32(g, "x", 8, 16), 0, grid),
            "rope: 0 heads",
            "x F32 [8, 16]"),
        new Wrong(
            "upsampling by nothing",
            g -> g.upsample(f32(g, "x", 1, 2, 3, 4), 0),
            "upsample: ",
            "x F32 [1, 2, 3, 4]"),
        new Wrong("an input twice", g -> twice(g, f32(g, "x", 1)), "input: 'x' is traced twice"),
        new Wrong(
            "a parameter of two shapes",
            g -> {
              bf16(g, "w", 2, 3);
              return bf16(g, "w", 3, 2);
            },
            "parameter: 'w' is w BF16 [2, 3], now requested as BF16 [3, 2]"));
  }

  private static Value twice(Tracer g, Value x) {
    return g.input("x", x.dtype(), x.shape());
  }

  @TestFactory
  Stream<DynamicTest> whatDoesNotFitIsNamed() {
    return wrong().stream()
        .map(
            wrong ->
                DynamicTest.dynamicTest(
                    wrong.what(),
                    () ->
                        assertThatThrownBy(() -> wrong.trace().apply(new Tracer()))
                            .isInstanceOf(TraceException.class)
                            .hasMessageStartingWith(wrong.parts()[0])
                            .hasMessageContainingAll(wrong.parts())));
  }

  @Test
  void messagesNameTheRegion() {
    Tracer g = new Tracer();
    assertThatThrownBy(
            () ->
                g.region(
                    "blocks.3",
                    "block",
                    () -> g.linear(g.silu(f32(g, "x", 2, 5)), bf16(g, "w", 4, 3), null)))
        .isInstanceOf(TraceException.class)
        .hasMessage(
            "linear: inner sizes differ, got silu#1 F32 [2, 5] (blocks.3), "
                + "w BF16 [4, 3] (blocks.3)");
  }

  @Test
  void resultShapes() {
    Tracer g = new Tracer();
    Value x = f32(g, "x", 2, 3, 64);
    assertThat(g.linear(x, bf16(g, "w", 5, 64), null).shape()).isEqualTo(Shape.of(2, 3, 5));
    assertThat(g.matMul(x, f32(g, "b", 2, 64, 7), false).shape()).isEqualTo(Shape.of(2, 3, 7));
    assertThat(g.matMul(x, f32(g, "bt", 2, 7, 64), true).shape()).isEqualTo(Shape.of(2, 3, 7));
    assertThat(g.add(f32(g, "c", 5, 1, 64), f32(g, "d", 3, 1)).shape())
        .isEqualTo(Shape.of(5, 3, 64));
    assertThat(g.reduce(Op.Reduce.Kind.SUM, x, -2).shape()).isEqualTo(Shape.of(2, 1, 64));
    assertThat(g.permute(x, 2, 0, 1).shape()).isEqualTo(Shape.of(64, 2, 3));
    assertThat(g.concat(-1, x, x).shape()).isEqualTo(Shape.of(2, 3, 128));
    assertThat(g.embedding(bf16(g, "table", 9, 4), ids(g, "ids", 2, 5)).shape())
        .isEqualTo(Shape.of(2, 5, 4));
    Value frames = f32(g, "frames", 5, 8, 9, 3);
    assertThat(g.upsample(frames, 2).shape()).isEqualTo(Shape.of(5, 16, 18, 3));
    Value kernel = bf16(g, "kernel", 7, 3, 3, 3, 3);
    assertThat(g.conv3d(frames, kernel, null, new ConvGeometry(2, 2, 2, 2, 0, 0, 1, 0, 1)).shape())
        .isEqualTo(Shape.of(3, 4, 4, 7));
    assertThat(g.conv3d(frames, kernel, null, ConvGeometry.sameInSpace(3, 3)).shape())
        .isEqualTo(Shape.of(3, 8, 9, 7));
  }

  /** Weights stay as they are stored; other half floats, and F64, are cast. */
  @Test
  void castsWhatMustBeF32() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F16, Shape.of(2, 4));
    Value weight = bf16(g, "w", 3, 4);
    Value bias = bf16(g, "b", 3);
    Value y = g.linear(x, weight, bias);
    Op.Linear op = (Op.Linear) y.op();
    assertThat(op.weight()).isSameAs(weight);
    assertThat(op.x().op()).isEqualTo(new MovementOp.Cast(x, DType.F32));
    assertThat(op.bias()).isNotNull().extracting(Value::dtype).isEqualTo(DType.F32);
    assertThat(y.dtype()).isEqualTo(DType.F32);
    assertThat(g.cast(y, DType.F32)).isSameAs(y);
    Value wide = g.exp(g.input("wide", DType.F64, Shape.of(2)));
    assertThat(wide.op().operands().getFirst().op()).isInstanceOf(MovementOp.Cast.class);
  }

  @Test
  void shapeOpsKeepTheDtype() {
    Tracer g = new Tracer();
    Value table = bf16(g, "table", 6, 4);
    for (Value value :
        List.of(
            g.reshape(table, 24),
            g.permute(table, 1, 0),
            g.slice(table, 0, 1, 2),
            g.concat(0, table, table))) {
      assertThat(value.dtype()).as("%s", value).isEqualTo(DType.BF16);
    }
  }

  @Test
  void aGraphListsItsValuesInOrder() {
    Tracer g = new Tracer();
    Value x = f32(g, "x", 2, 4);
    Value w = bf16(g, "w", 4, 4);
    Value once = g.region("blocks.0", "block", () -> g.silu(g.linear(x, w, null)));
    Value twice = g.region("blocks.1", "block", () -> g.silu(g.linear(once, w, null)));
    Value offset = g.constant(Tensor.ofFloats(Shape.of(1), 1));
    g.output("y", g.add(twice, offset));
    Graph graph = g.graph();
    assertThat(graph.inputs()).containsOnlyKeys("x");
    assertThat(graph.parameters()).containsOnlyKeys("w");
    assertThat(graph.outputs()).containsOnlyKeys("y");
    assertThat(g.parameter("w", DType.BF16, Shape.of(4, 4))).isSameAs(w);
    for (int i = 0; i < graph.values().size(); i++) {
      Value value = graph.values().get(i);
      assertThat(value.id()).isEqualTo(i);
      assertThat(value.op().operands()).allMatch(operand -> operand.id() < value.id());
    }
    assertThat(graph.regions())
        .containsExactly(
            new Region("blocks.0", "block", 2, 4), new Region("blocks.1", "block", 4, 6));
    assertThat(twice.region()).isEqualTo("blocks.1");
    assertThat(offset.region()).isNull();
    assertThat(twice).hasToString("silu#5 F32 [2, 4] (blocks.1)");
  }

  @Test
  void aGraphDoesNotGrowWithItsTracer() {
    Tracer g = new Tracer();
    Value x = f32(g, "x", 2);
    Graph graph = g.graph();
    g.output("y", g.exp(x));
    assertThat(graph.values()).hasSize(1);
    assertThat(graph.outputs()).isEmpty();
  }

  @Test
  void outputsAndRegionsAreNamedOnce() {
    Tracer g = new Tracer();
    Value x = f32(g, "x", 2);
    g.output("y", x);
    assertThatThrownBy(() -> g.output("y", g.exp(x)))
        .isInstanceOf(TraceException.class)
        .hasMessage("output: 'y' is traced twice");
    assertThatThrownBy(() -> g.region("a", "k", () -> g.region("b", "k", () -> x)))
        .isInstanceOf(TraceException.class)
        .hasMessage("region: 'b' is inside region 'a'");
  }

  @Test
  void convGeometryIsChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConvGeometry(1, 0, 1, 0, 0, 0, 0, 0, 0))
        .withMessage("conv3d: strides must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConvGeometry(1, 1, 1, 0, 0, -1, 0, 0, 0))
        .withMessage("conv3d: padding must not be negative");
  }
}
