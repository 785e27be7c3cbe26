package org.t3jvm.tensor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

class ReferenceProgramTest {
  private final Tracer g = new Tracer();
  private final Value x = g.input("x", DType.F32, Shape.of(2));

  private static Program program(Graph graph, Map<String, Tensor> parameters) {
    return new ReferenceBackend().compile(graph, Parameters.of(parameters));
  }

  private Program program() {
    return program(g.graph(), Map.of());
  }

  private static float[] y(Program program, Tensor x) {
    return Objects.requireNonNull(program.run(Map.of("x", x)).get("y")).toFloats();
  }

  private static Tensor vector(float... elements) {
    return Tensor.ofFloats(Shape.of(elements.length), elements);
  }

  @Test
  void regionsAreHeardOfInOrder() {
    Value first = g.region("blocks.0", "block", () -> g.affine(x, 2, 0));
    Value nothing = g.region("empty", "nothing", () -> first);
    Value second = g.region("blocks.1", "block", () -> g.affine(nothing, 2, 0));
    g.output("y", g.affine(second, 1, 1));
    List<String> heard = new ArrayList<>();
    Tensor y = Tensor.allocate(DType.F32, Shape.of(2));
    RegionListener listener = region -> heard.add(region.name() + " of kind " + region.kind());
    program().run(Map.of("x", vector(1, 2)), Map.of("y", y), listener);
    assertThat(heard)
        .containsExactly(
            "blocks.0 of kind block", "empty of kind nothing", "blocks.1 of kind block");
    assertThat(y.toFloats()).containsExactly(5, 9);
  }

  @Test
  void aListenerMayStopTheRun() {
    Value table = g.input("table", DType.F32, Shape.of(1, 1));
    Value ids = g.input("ids", DType.I64, Shape.of(1));
    Value first = g.region("blocks.0", "block", () -> g.exp(x));
    g.output("y", g.region("blocks.1", "block", () -> g.add(first, g.embedding(table, ids))));
    Map<String, Tensor> inputs =
        Map.of(
            "x", vector(1, 2),
            "table", Tensor.ofFloats(Shape.of(1, 1), 0),
            "ids", Tensor.ofLongs(Shape.of(1), 7));
    RegionListener stop =
        region -> {
          throw new IllegalStateException("stopped after " + region.name());
        };
    try (Program program = program()) {
      // The id 7, which the table has not, is never looked up.
      assertThatIllegalStateException()
          .isThrownBy(() -> program.run(inputs, Map.of(), stop))
          .withMessage("stopped after blocks.0");
      List<Region> heard = new ArrayList<>();
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> program.run(inputs, Map.of(), heard::add));
      assertThat(heard).extracting(Region::name).containsExactly("blocks.0");
    }
  }

  /** Two values of a chain live at once, and a sum of the first and the last needs three. */
  @Test
  void thePlanCountsWhatLivesAtOnce() {
    Value value = g.affine(x, 1, 1);
    for (int i = 0; i < 9; i++) {
      value = g.affine(value, 1, 1);
    }
    g.output("y", value);
    assertThat(program().memoryPlan()).isEqualTo(new MemoryPlan(2 * 8, 4 * 8, 0));
    Value first = g.exp(x);
    g.output("z", g.add(first, g.exp(g.exp(first))));
    // The output y, the first of the new values, and the two of the last step.
    assertThat(program().memoryPlan()).isEqualTo(new MemoryPlan(4 * 8, 6 * 8, 0));
  }

  @Test
  void whatNobodyReadsIsForgotten() {
    for (int i = 0; i < 5; i++) {
      g.exp(x);
    }
    g.output("y", g.exp(x));
    assertThat(program().memoryPlan().activations()).isEqualTo(8);
    assertThat(y(program(), vector(0, 0))).containsExactly(1, 1);
  }

  @Test
  void thePlanCountsParametersAsTheyAreStored() {
    Value weight = g.parameter("w", DType.BF16, Shape.of(3, 2));
    g.output("y", g.linear(x, weight, null));
    g.output("rows", g.slice(weight, 0, 0, 2));
    Program program = program(g.graph(), Map.of("w", Tensor.allocate(DType.BF16, Shape.of(3, 2))));
    assertThat(program.memoryPlan()).isEqualTo(new MemoryPlan(3 * 4 + 4 * 2, (2 + 6 + 3) * 8, 12));
  }

  @Test
  void runsLeaveInputsParametersAndOneAnotherAlone() {
    Value weight = g.parameter("w", DType.F32, Shape.of(2, 2));
    Value y = g.clamp(g.silu(g.reshape(x, 1, 2)), 0, 100);
    g.output("y", g.linear(y, weight, null));
    Tensor w = Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4);
    Tensor input = vector(1, -2);
    try (Program program = program(g.graph(), Map.of("w", w))) {
      float[] first = y(program, input);
      assertThat(y(program, vector(9, 9))).isNotEqualTo(first);
      assertThat(y(program, input)).containsExactly(first);
    }
    assertThat(input.toFloats()).containsExactly(1, -2);
    assertThat(w.toFloats()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void anOutputMayOverwriteItsInput() {
    Value y = g.affine(x, 10, 0);
    g.output("y", y);
    g.output("sum", g.add(y, x));
    Tensor latents = vector(1, 2);
    Tensor sum = vector(0, 0);
    program().run(Map.of("x", latents), Map.of("y", latents, "sum", sum), RegionListener.NONE);
    assertThat(latents.toFloats()).containsExactly(10, 20);
    assertThat(sum.toFloats()).containsExactly(11, 22);
  }

  /** 2^16 ids of rows of 2^16: the result would have 2^32 elements, which an array has not. */
  @Test
  void valuesThatNoArrayHoldsAreNamed() {
    Value table = g.parameter("table", DType.F32, Shape.of(1, 1 << 16));
    Value ids = g.input("ids", DType.I64, Shape.of(1 << 16));
    g.output("y", g.embedding(table, ids));
    Map<String, Tensor> inputs =
        Map.of("x", vector(0, 0), "ids", Tensor.allocate(DType.I64, Shape.of(1 << 16)));
    Tensor rows = Tensor.allocate(DType.F32, Shape.of(1, 1 << 16));
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () ->
                program(g.graph(), Map.of("table", rows))
                    .run(inputs, Map.of(), RegionListener.NONE))
        .withMessage(
            "backend 'reference' holds at most 2^31-1 elements a value,"
                + " not embedding#3 F32 [65536, 65536]");
  }
}
