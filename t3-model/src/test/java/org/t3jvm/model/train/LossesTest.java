package org.t3jvm.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Losses and their gradients against formulas in float64. */
class LossesTest {
  private static final long SEED = 3;
  private static final int N = 60;

  @FunctionalInterface
  private interface Loss {
    Value trace(Tracer g, Value a, Value b);
  }

  /**
   * Fails unless a loss is the mean of a function.
   *
   * @param slope derivative by a
   */
  private static void check(Loss loss, DoubleBinaryOperator each, DoubleBinaryOperator slope) {
    Random random = new Random(SEED);
    Tensor a = Tensor.allocate(DType.F32, Shape.of(3, 20));
    Tensor b = Tensor.allocate(DType.F32, Shape.of(3, 20));
    for (int i = 0; i < N; i++) {
      a.setDouble(i, random.nextGaussian());
      b.setDouble(i, i % 7 == 0 ? a.getDouble(i) : random.nextGaussian());
    }
    Tracer g = new Tracer();
    Value traced =
        loss.trace(g, g.input("a", DType.F32, a.shape()), g.input("b", DType.F32, b.shape()));
    g.output("loss", traced);
    try (Backend backend = Backends.named("reference").open(new BackendOptions(1));
        Program program =
            backend.compile(
                Gradients.of(g.graph(), "loss", List.of("a")), Parameters.of(Map.of()))) {
      Map<String, Tensor> outputs = program.run(Map.of("a", a, "b", b));
      double sum = 0;
      Tensor gradient = Objects.requireNonNull(outputs.get("grad.a"));
      for (int i = 0; i < N; i++) {
        sum += each.applyAsDouble(a.getDouble(i), b.getDouble(i));
        assertThat(gradient.getDouble(i))
            .as("element %d, seed %d", i, SEED)
            .isCloseTo(slope.applyAsDouble(a.getDouble(i), b.getDouble(i)) / N, within(1e-7));
      }
      assertThat(Objects.requireNonNull(outputs.get("loss")).getDouble(0))
          .isCloseTo(sum / N, within(1e-6));
    }
  }

  @Test
  void squared() {
    check(Losses::squared, (a, b) -> (a - b) * (a - b), (a, b) -> 2 * (a - b));
  }

  @Test
  void absolute() {
    check(Losses::absolute, (a, b) -> Math.abs(a - b), (a, b) -> Math.signum(a - b));
  }

  @Test
  void charbonnier() {
    check(
        (g, a, b) -> Losses.charbonnier(g, a, b, 0.5f),
        (a, b) -> Math.sqrt((a - b) * (a - b) + 0.25),
        (a, b) -> (a - b) / Math.sqrt((a - b) * (a - b) + 0.25));
  }

  @Test
  void divergence() {
    check(
        Losses::divergence,
        (mean, log) -> (mean * mean + Math.exp(log) - 1 - log) / 2,
        (mean, log) -> mean);
    check(
        (g, a, b) -> Losses.divergence(g, b, a),
        (log, mean) -> (mean * mean + Math.exp(log) - 1 - log) / 2,
        (log, mean) -> (Math.exp(log) - 1) / 2);
  }
}
