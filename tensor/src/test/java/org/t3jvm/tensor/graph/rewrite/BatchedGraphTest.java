package org.t3jvm.tensor.graph.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;
import org.t3jvm.tensor.cpu.RandomGraphs;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Graphs of several examples against runs of each example, on the reference. */
class BatchedGraphTest {
  private static final int COUNT = 3;
  private static final float NEAR = 1e-5f;

  /** Means of elements that are larger, or not finite, need only be so too. */
  private static final double LARGEST = 1e37;

  /** Cases of more work than this are left to the smaller ones of their op. */
  private static final long MOST_ELEMENTS = 1_000;

  private final Backend reference = Backends.named("reference").open(new BackendOptions(1));

  @Test
  void randomGraphsGiveTheMeanOfTheirExamples() {
    for (long seed = 0; seed < 60; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      Map<String, Tensor> weights = normal(graph.parameters(), seed);
      String output = graph.outputs().firstEntry().getKey();
      List<Map<String, Tensor>> examples =
          Stream.iterate(seed * COUNT + 1, each -> each + 1)
              .limit(COUNT)
              .map(each -> normal(graph.inputs(), each))
              .toList();
      check("seed " + seed, graph, output, weights, examples);
    }
  }

  /** Every op's cases with inputs that differ between examples only in their order of elements. */
  @TestFactory
  Stream<DynamicTest> opsGiveTheMeanOfTheirExamples() {
    return OpCases.all().stream()
        .filter(each -> !each.graph().inputs().isEmpty() && elements(each) <= MOST_ELEMENTS)
        .filter(each -> output(each).dtype() == DType.F32)
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> check(each)));
  }

  private void check(OpCase each) {
    List<Map<String, Tensor>> examples =
        Stream.iterate(0, i -> i + 1)
            .limit(COUNT)
            .map(
                i -> {
                  Map<String, Tensor> inputs = each.inputs();
                  inputs.values().stream()
                      .filter(tensor -> tensor.dtype() == DType.F32)
                      .forEach(tensor -> turn(tensor, i));
                  return inputs;
                })
            .toList();
    check(each.name(), each.graph(), OpCase.OUTPUT, each.parameters(), examples);
  }

  private static void turn(Tensor tensor, int by) {
    long n = tensor.shape().elements();
    double[] values = new double[Math.toIntExact(n)];
    for (int i = 0; i < n; i++) {
      values[i] = tensor.getDouble(i);
    }
    for (int i = 0; i < n; i++) {
      tensor.setDouble(i, values[(int) ((i + by) % n)]);
    }
  }

  private static long elements(OpCase each) {
    return each.graph().values().stream().mapToLong(value -> value.shape().elements()).sum();
  }

  private static Value output(OpCase each) {
    return Objects.requireNonNull(each.graph().outputs().get(OpCase.OUTPUT));
  }

  private void check(
      String what,
      Graph graph,
      String output,
      Map<String, Tensor> weights,
      List<Map<String, Tensor>> examples) {
    Value result = Objects.requireNonNull(graph.outputs().get(output));
    double[] expected = new double[Math.toIntExact(result.shape().elements())];
    for (Map<String, Tensor> example : examples) {
      double[] one = run(graph, output, weights, example);
      for (int i = 0; i < one.length; i++) {
        expected[i] += one[i] / examples.size();
      }
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < examples.size(); i++) {
      int number = i;
      examples
          .get(i)
          .forEach((name, tensor) -> inputs.put(BatchedGraph.input(name, number), tensor));
    }
    Graph batched = BatchedGraph.mean(graph, examples.size(), output);
    double[] actual = run(batched, output, weights, inputs);
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      double most = NEAR * Math.max(1, Math.abs(expected[i]));
      boolean near =
          Math.abs(expected[i]) < LARGEST
              ? Math.abs(actual[i] - expected[i]) <= most
              : !(Math.abs(actual[i]) < LARGEST);
      assertThat(near).as("%s: element %d is %s, not %s", what, i, actual[i], expected[i]).isTrue();
    }
  }

  private double[] run(
      Graph graph, String output, Map<String, Tensor> weights, Map<String, Tensor> inputs) {
    Map<String, Tensor> given = new HashMap<>(inputs);
    given.keySet().retainAll(graph.inputs().keySet());
    Tensor result;
    try (Program program = reference.compile(graph, Parameters.of(weights))) {
      result = Objects.requireNonNull(program.run(given).get(output));
    }
    double[] values = new double[Math.toIntExact(result.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = result.getDouble(i);
    }
    return values;
  }

  private static Map<String, Tensor> normal(Map<String, Value> values, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          Tensor tensor = Tensor.allocate(value.dtype(), value.shape());
          for (long i = 0; i < value.shape().elements(); i++) {
            tensor.setDouble(i, random.nextGaussian());
          }
          tensors.put(name, tensor);
        });
    return tensors;
  }

  @Test
  void rowsAreComputedTogetherAndAttentionAlone() {
    Tracer g = new Tracer();
    Value weight = g.parameter("w", DType.F32, Shape.of(6, 6));
    Value x = g.input("x", DType.F32, Shape.of(4, 6));
    Value shift = g.input("shift", DType.F32, Shape.of(6));
    Value y =
        g.region(
            "blocks.0",
            "block",
            () -> {
              Value q =
                  g.linear(
                      g.modulate(g.layerNorm(x, null, null, NEAR), shift, shift), weight, null);
              return g.rope(g.linear(q, weight, null), 1, new TokenGrid(1, 2, 2));
            });
    g.output("y", g.linear(y, weight, null));
    Graph batched = BatchedGraph.mean(g.graph(), COUNT, "y");
    assertThat(ops(batched, "linear")).isEqualTo(3);
    assertThat(ops(batched, "norm")).isEqualTo(1);
    assertThat(ops(batched, "modulate")).isEqualTo(1);
    assertThat(ops(batched, "rope")).isEqualTo(COUNT);
    assertThat(batched.regions()).extracting(Region::name).containsExactly("blocks.0");
    assertThat(batched.inputs().keySet())
        .containsExactlyInAnyOrder("x/0", "x/1", "x/2", "shift/0", "shift/1", "shift/2");
  }

  private static long ops(Graph graph, String name) {
    return graph.values().stream()
        .map(Value::op)
        .filter(op -> op instanceof Op.Computed && op.opName().equals(name))
        .count();
  }
}
