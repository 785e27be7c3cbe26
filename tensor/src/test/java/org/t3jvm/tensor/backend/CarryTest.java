package org.t3jvm.tensor.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Each run starts from what the one before left. */
class CarryTest {
  /** x and the state are added, to the result and to the next state. */
  private static Graph sum() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(3));
    Value sum = g.add(x, g.input("state", DType.F32, Shape.of(3)));
    g.output("y", g.affine(sum, 1, 0));
    g.output("state", sum);
    return g.graph();
  }

  private static float[] next(Carry carry, Program program, float x) {
    Tensor y = Tensor.allocate(DType.F32, Shape.of(3));
    Tensor given = Tensor.ofFloats(Shape.of(3), x, 10 * x, 100 * x);
    carry.run(program, Map.of("x", given), Map.of("y", y), RegionListener.NONE);
    return y.toFloats();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void aSequenceGoesOnFromItsStateAndStartsFromZeros(String name) {
    try (Backend backend = Backends.named(name).open(BackendOptions.defaults());
        Program program = backend.compile(sum(), Parameters.of(Map.of()));
        Carry carry = backend.carry();
        Carry other = backend.carry()) {
      assertThat(next(carry, program, 1)).containsExactly(1, 10, 100);
      assertThat(next(carry, program, 2)).containsExactly(3, 30, 300);
      Map<String, Tensor> state = new HashMap<>();
      carry
          .state()
          .forEach(
              (key, tensor) -> state.put(key, Tensor.ofFloats(Shape.of(3), tensor.toFloats())));
      assertThat(next(carry, program, 4)).containsExactly(7, 70, 700);
      assertThat(next(other, program, 1)).containsExactly(1, 10, 100);
      other.restore(state);
      assertThat(next(other, program, 5)).containsExactly(8, 80, 800);
      assertThat(next(other, program, 1)).containsExactly(9, 90, 900);
      assertThat(Objects.requireNonNull(state.get("state")).toFloats()).containsExactly(3, 30, 300);
      carry.restore(Map.of());
      assertThat(next(carry, program, 6)).containsExactly(6, 60, 600);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void restoringFreesWhatTheRunsBeforeLeft(String name) {
    try (Backend backend = Backends.named(name).open(BackendOptions.defaults());
        Program program = backend.compile(sum(), Parameters.of(Map.of()));
        Carry carry = backend.carry()) {
      next(carry, program, 1);
      next(carry, program, 2);
      Tensor left = Objects.requireNonNull(carry.state().get("state"));
      carry.restore(carry.state());
      assertThat(left.segment().scope().isAlive()).as("memory of the state before").isFalse();
      assertThat(next(carry, program, 3)).containsExactly(6, 60, 600);
      left = Objects.requireNonNull(carry.state().get("state"));
      carry.restore(Map.of());
      assertThat(left.segment().scope().isAlive()).as("memory after a reset").isFalse();
    }
  }
}
