package org.t3jvm.tensor.grad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.t3jvm.tensor.TensorAssert.assertThatTensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.Tolerance;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.TraceException;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.WindowCounts;
import org.t3jvm.tensor.reference.DoubleRun;

/** Every rule against central differences in float64, then every backend against the reference. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GradientsTest {
  /** Error of central differences with steps of 1e-5, beside the largest gradient of a tensor. */
  private static final double DIFFERENCES = 1e-7;

  /** Elements of a tensor whose differences are taken. */
  private static final int SAMPLES = 12;

  private static final double STEP = 1e-5;

  private final Backend reference = Backends.named("reference").open(new BackendOptions(1));
  private final List<Backend> cpus =
      Stream.of(3, 1).map(n -> Backends.named("cpu").open(new BackendOptions(n))).toList();

  @AfterAll
  void close() {
    reference.close();
    cpus.forEach(Backend::close);
  }

  @TestFactory
  Stream<DynamicTest> equalsCentralDifferences() {
    return GradientCases.all().stream()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> checkDifferences(each)));
  }

  private static void checkDifferences(GradientCase each) {
    Map<String, Tensor> given = new HashMap<>();
    each.inputs()
        .forEach(
            (name, tensor) ->
                given.put(name, tensor.dtype().isFloating() ? tensor.to(DType.F64) : tensor));
    Graph gradients = Gradients.of(each.graph(), GradientCase.LOSS, each.wanted());
    Map<String, Tensor> outputs = DoubleRun.run(gradients, given);
    Random random = new Random(each.seed());
    for (String name : each.wanted()) {
      Tensor x = Objects.requireNonNull(given.get(name));
      Tensor gradient = Objects.requireNonNull(outputs.get(Gradients.nameOf(name)));
      double most = 1e-3;
      for (long i = 0; i < gradient.shape().elements(); i++) {
        most = Math.max(most, Math.abs(gradient.getDouble(i)));
      }
      for (int sample = 0; sample < SAMPLES; sample++) {
        long i = random.nextLong(x.shape().elements());
        double at = x.getDouble(i);
        x.setDouble(i, at + STEP);
        double above = loss(each, given);
        x.setDouble(i, at - STEP);
        double below = loss(each, given);
        x.setDouble(i, at);
        assertThat(gradient.getDouble(i))
            .as("%s, seed %d: gradient of %s at %d", each, each.seed(), name, i)
            .isCloseTo((above - below) / (2 * STEP), offset(DIFFERENCES * most));
      }
    }
  }

  private static double loss(GradientCase each, Map<String, Tensor> given) {
    Tensor loss = DoubleRun.run(each.graph(), given).get(GradientCase.LOSS);
    return Objects.requireNonNull(loss).getDouble(0);
  }

  @TestFactory
  Stream<DynamicTest> cpuAgreesWithTheReference() {
    return GradientCases.all().stream()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> checkCpu(each)));
  }

  private void checkCpu(GradientCase each) {
    Graph gradients = Gradients.of(each.graph(), GradientCase.LOSS, each.wanted());
    Map<String, Tensor> expected = run(reference, gradients, each.inputs());
    Map<String, Tensor> first = run(cpus.getFirst(), gradients, each.inputs());
    expected.forEach(
        (name, tensor) ->
            assertThatTensor(Objects.requireNonNull(first.get(name)))
                .as("%s of %s, seed %d", name, each, each.seed())
                .isCloseTo(tensor, tolerance(tensor)));
    for (Backend cpu : cpus) {
      run(cpu, gradients, each.inputs())
          .forEach(
              (name, tensor) ->
                  assertThatTensor(tensor)
                      .as("%s of %s with other threads", name, each)
                      .hasBitsOf(Objects.requireNonNull(first.get(name))));
    }
  }

  private static Tolerance tolerance(Tensor expected) {
    // Where a gradient is 0, terms of about 1 cancel.
    double most = 0.1;
    for (long i = 0; i < expected.shape().elements(); i++) {
      most = Math.max(most, Math.abs(expected.getDouble(i)));
    }
    return new Tolerance(
        64 * Tolerance.EPSILON * most, 0, "sums of a few hundred terms, after a few roundings");
  }

  static Map<String, Tensor> run(Backend backend, Graph graph, Map<String, Tensor> inputs) {
    try (Program program = backend.compile(graph, Parameters.of(Map.of()))) {
      return program.run(inputs);
    }
  }

  /** A new op must come with a gradient case, or be known to have no gradient. */
  @Test
  void everyOpHasCases() {
    Set<Class<?>> covered = new HashSet<>();
    for (GradientCase each : GradientCases.all()) {
      each.graph().values().forEach(value -> covered.add(value.op().getClass()));
    }
    Set<Class<?>> without =
        Set.of(
            Op.Parameter.class,
            Op.Constant.class,
            Op.Scaled.class,
            GradientOp.UnaryGrad.class,
            GradientOp.ClampGrad.class,
            GradientOp.NormGrad.class,
            GradientOp.ScatterAdd.class,
            GradientOp.Conv3dWeightGrad.class,
            GradientOp.SavedAttention.class,
            GradientOp.AttentionGrad.class);
    assertThat(leaves(Op.class).filter(op -> !covered.contains(op)))
        .containsExactlyInAnyOrderElementsOf(without);
  }

  private static Stream<Class<?>> leaves(Class<?> op) {
    return op.isRecord()
        ? Stream.of(op)
        : Stream.of(op.getPermittedSubclasses()).flatMap(GradientsTest::leaves);
  }

  @Test
  void sumsAllUses() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(1));
    g.output("loss", g.add(g.mul(x, x), g.affine(x, 3, 1)));
    Graph gradients = Gradients.of(g.graph(), "loss", List.of("x"));
    Tensor two = Tensor.ofFloats(Shape.of(1), 2);
    Map<String, Tensor> outputs = run(reference, gradients, Map.of("x", two));
    assertThat(outputs.keySet()).containsExactly("loss", "grad.x");
    assertThatTensor(Objects.requireNonNull(outputs.get("grad.x"))).hasElements(0, 7);
  }

  /** Blocks of attention and a feed-forward network; a value between them is read by all. */
  private static Graph blocks(int count) {
    Tracer g = new Tracer();
    Value shared = g.silu(g.input("shared", DType.F32, Shape.of(24)));
    Value x = g.input("x", DType.F32, Shape.of(120, 24));
    TokenGrid grid = new TokenGrid(2, 6, 10);
    AttentionPattern windows =
        new AttentionPattern.Windows(
            grid, new WindowCounts(1, 2, 3), AttentionPattern.Grouping.BOTH);
    for (int i = 0; i < count; i++) {
      Value in = x;
      String name = "blocks." + i;
      x =
          g.region(
              name,
              "block",
              () -> {
                Value weight = g.parameter(name + ".weight", DType.F32, Shape.of(24, 24));
                Value q = g.rope(g.linear(g.rmsNorm(in, null, 1e-6f), weight, null), 2, grid);
                Value y = g.gatedResidual(in, shared, g.attention(q, q, in, 2, 1, windows, null));
                Value wide = g.parameter(name + ".wide", DType.F32, Shape.of(96, 24));
                Value hidden = g.geluTanh(g.linear(y, wide, null));
                return g.add(y, g.matMul(hidden, wide, false));
              });
    }
    Value squares = g.mul(x, x);
    g.output("loss", g.reduce(Op.Reduce.Kind.MEAN, g.reshape(squares, 120 * 24), 0));
    return g.graph();
  }

  @Test
  void recomputedEqualsKeptInLessMemory() {
    Graph graph = blocks(6);
    List<String> wanted = new ArrayList<>(graph.parameters().keySet());
    wanted.addAll(List.of("x", "shared"));
    Graph kept = Gradients.of(graph, "loss", wanted);
    Graph recomputed = Gradients.of(graph, "loss", wanted, region -> true);
    Random random = new Random(11);
    Map<String, Tensor> inputs = new HashMap<>();
    kept.inputs()
        .forEach(
            (name, value) -> {
              Tensor tensor = Tensor.allocate(DType.F32, value.shape());
              for (long i = 0; i < value.shape().elements(); i++) {
                tensor.setDouble(i, random.nextGaussian() / (name.contains("w") ? 5 : 1));
              }
              inputs.put(name, tensor);
            });
    for (Backend backend : List.of(cpus.getFirst(), reference)) {
      Map<String, Tensor> expected = run(backend, kept, inputs);
      run(backend, recomputed, inputs)
          .forEach(
              (name, tensor) ->
                  assertThatTensor(tensor)
                      .as("%s on %s, seed 11", name, backend.name())
                      .hasBitsOf(Objects.requireNonNull(expected.get(name))));
      long most = backend.plan(kept).orElseThrow().activations();
      long least = backend.plan(recomputed).orElseThrow().activations();
      assertThat(least).as(backend.name()).isLessThan(most * 2 / 5);
    }
  }

  @Test
  void parametersThatAreDifferentiatedBecomeInputs() {
    Graph graph = blocks(2);
    Graph gradients = Gradients.of(graph, "loss", List.of("blocks.0.weight"));
    assertThat(gradients.inputs().keySet())
        .containsExactlyInAnyOrder("shared", "x", "blocks.0.weight");
    assertThat(gradients.parameters().keySet())
        .containsExactlyInAnyOrder("blocks.0.wide", "blocks.1.weight", "blocks.1.wide");
  }

  @Test
  void givesZerosWhereTheLossDoesNotDepend() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(2, 3));
    Value y = g.input("y", DType.F32, Shape.of(1));
    g.output("other", g.silu(x));
    g.output("loss", g.mul(y, y));
    Graph gradients = Gradients.of(g.graph(), "loss", List.of("x"));
    Map<String, Tensor> inputs =
        Map.of(
            "x", Tensor.allocate(DType.F32, Shape.of(2, 3)),
            "y", Tensor.ofFloats(Shape.of(1), 5));
    assertThatTensor(Objects.requireNonNull(run(reference, gradients, inputs).get("grad.x")))
        .hasElements(0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void namesAnOpWithoutGradient() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(4));
    g.output("loss", g.reduce(Op.Reduce.Kind.MAX, x, 0));
    assertThatThrownBy(() -> Gradients.of(g.graph(), "loss", List.of("x")))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("reduce")
        .hasMessageContaining("no gradient");
  }

  @Test
  void refusesUnknownNames() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(4));
    g.output("loss", g.reduce(Op.Reduce.Kind.SUM, x, 0));
    g.output("wide", x);
    assertThatThrownBy(() -> Gradients.of(g.graph(), "los", List.of("x")))
        .hasMessageContaining("'los' is no output");
    assertThatThrownBy(() -> Gradients.of(g.graph(), "wide", List.of("x")))
        .hasMessageContaining("one F32 number");
    assertThatThrownBy(() -> Gradients.of(g.graph(), "loss", List.of("y")))
        .hasMessageContaining("no parameter or input 'y'");
  }
}
