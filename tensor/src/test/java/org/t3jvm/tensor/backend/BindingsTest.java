package org.t3jvm.tensor.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

class BindingsTest {
  private static final Tensor X = Tensor.allocate(DType.F32, Shape.of(2, 3));
  private static final Tensor IDS = Tensor.allocate(DType.I64, Shape.of(4));
  private static final Tensor WEIGHT = Tensor.allocate(DType.BF16, Shape.of(5, 3));

  private static Graph graph() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, X.shape());
    g.input("ids", DType.I64, IDS.shape());
    Value weight = g.parameter("blocks.0.weight", DType.BF16, WEIGHT.shape());
    g.output("y", g.linear(x, weight, null));
    return g.graph();
  }

  @Test
  void acceptsWhatTheGraphAsksFor() {
    assertThatCode(() -> Bindings.requireInputs(graph(), Map.of("x", X, "ids", IDS)))
        .doesNotThrowAnyException();
    assertThatCode(() -> Bindings.requireOutputs(graph(), Map.of())).doesNotThrowAnyException();
    Tensor y = Tensor.allocate(DType.F32, Shape.of(2, 5));
    assertThatCode(() -> Bindings.requireOutputs(graph(), Map.of("y", y)))
        .doesNotThrowAnyException();
    Value parameter = Objects.requireNonNull(graph().parameters().get("blocks.0.weight"));
    Parameters parameters = Parameters.of(Map.of("blocks.0.weight", WEIGHT));
    assertThat(Bindings.parameter("blocks.0.weight", parameter, parameters)).isSameAs(WEIGHT);
  }

  @Test
  void namesAllMissingInputsAtOnce() {
    fails(
        () -> Bindings.requireInputs(graph(), Map.of()),
        "no tensor is given for the graph's inputs ids, x");
  }

  @Test
  void namesUnknownInputsAndOutputs() {
    fails(
        () -> Bindings.requireInputs(graph(), Map.of("x", X, "ids", IDS, "mask", X)),
        "the graph has no input 'mask'; it has x, ids");
    fails(
        () -> Bindings.requireOutputs(graph(), Map.of("z", X)),
        "the graph has no output 'z'; it has y");
  }

  @Test
  void namesTensorsOfAnotherDtypeOrShape() {
    fails(
        () -> Bindings.requireInputs(graph(), Map.of("x", X.to(DType.F16), "ids", IDS)),
        "input 'x' is F16 [2, 3], the graph has it as F32 [2, 3]");
    fails(
        () -> Bindings.requireOutputs(graph(), Map.of("y", X)),
        "output 'y' is F32 [2, 3], the graph has it as F32 [2, 5]");
  }

  @Test
  void namesParametersThatAreMissingOrUnfit() {
    Value parameter = Objects.requireNonNull(graph().parameters().get("blocks.0.weight"));
    Parameters turned =
        Parameters.of(Map.of("blocks.0.weight", Tensor.allocate(DType.BF16, Shape.of(3, 5))));
    fails(
        () -> Bindings.parameter("blocks.0.weight", parameter, turned),
        "parameter 'blocks.0.weight' is BF16 [3, 5], the graph has it as BF16 [5, 3]");
    assertThatThrownBy(
            () -> Bindings.parameter("blocks.0.weight", parameter, Parameters.of(Map.of("w", X))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter 'blocks.0.weight' is not among the 1 given");
  }

  /** Every backend checks before it computes. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void backendsCheckTheirBindings(String name) {
    Parameters parameters = Parameters.of(Map.of("blocks.0.weight", WEIGHT));
    try (Backend backend = Backends.named(name).open(new BackendOptions(1))) {
      fails(
          () ->
              backend.compile(
                  graph(), Parameters.of(Map.of("blocks.0.weight", WEIGHT.to(DType.F32)))),
          "parameter 'blocks.0.weight' is F32 [5, 3], the graph has it as BF16 [5, 3]");
      try (Program program = backend.compile(graph(), parameters)) {
        fails(() -> program.run(Map.of("x", X)), "no tensor is given for the graph's inputs ids");
        fails(
            () -> program.run(Map.of("x", X, "ids", IDS), Map.of("y", X), RegionListener.NONE),
            "output 'y' is F32 [2, 3], the graph has it as F32 [2, 5]");
      }
    }
  }

  @Test
  void unknownBackendsAreAnsweredWithTheKnown() {
    fails(() -> Backends.named("gpu"), "backend 'gpu' is unknown; known are cpu, reference");
  }

  private static void fails(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(BackendException.class).hasMessage(message);
  }
}
