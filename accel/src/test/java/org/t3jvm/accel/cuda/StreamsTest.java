package org.t3jvm.accel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Weights that arrive on a stream of their own: whichever of the two streams is as slow as the
 * other allows, results are the same.
 */
class StreamsTest {
  private static final long SEED = 5;
  private static final int WIDTH = 96;
  private static final int LAYERS = 12;
  private static final long LAUNCHES = 16;
  private static final long SENDING = 17;

  /** All weights, and four of them beside the values. */
  private static final long ENOUGH = 4 << 20;

  private static final long LITTLE = 300_000;

  private final Map<String, Tensor> weights = new HashMap<>();
  private final Graph graph = graph();
  private final Tensor x = random(new Random(SEED), 5, WIDTH);

  private Graph graph() {
    Random random = new Random(SEED);
    Tracer g = new Tracer();
    Value y = g.input("x", DType.F32, Shape.of(5, WIDTH));
    for (int i = 0; i < LAYERS; i++) {
      weights.put("weight" + i, random(random, WIDTH, WIDTH));
      Value weight = g.parameter("weight" + i, DType.F32, Shape.of(WIDTH, WIDTH));
      y = g.linear(y, weight, null);
    }
    g.output("y", g.rmsNorm(y, null, 1e-6f));
    return g.graph();
  }

  private static Tensor random(Random random, long... dims) {
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(dims));
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    return tensor;
  }

  /** The results of two runs. */
  private List<Tensor> run(FakeCuda cuda, long budget) {
    try (DeviceBackend backend =
            new DeviceBackend(
                new DeviceSpace("cuda", cuda.device(budget), budget), Precision.F32, 1);
        Program program = backend.compile(graph, Parameters.of(weights))) {
      assertThat(program.memoryPlan().streamed() > 0)
          .as("weights are sent in every run, of %d bytes", budget)
          .isEqualTo(budget == LITTLE);
      Tensor first = Objects.requireNonNull(program.run(Map.of("x", x)).get("y"));
      return List.of(first, Objects.requireNonNull(program.run(Map.of("x", x)).get("y")));
    }
  }

  @Test
  void resultsAreTheSameWhicheverStreamIsSlow() {
    Tensor expected = run(new FakeCuda(2 * ENOUGH), ENOUGH).getFirst();
    for (Set<Long> late :
        List.of(Set.<Long>of(), Set.of(LAUNCHES), Set.of(SENDING), Set.of(LAUNCHES, SENDING))) {
      FakeCuda cuda = new FakeCuda(2 * ENOUGH);
      cuda.streams.late = late;
      for (Tensor result : run(cuda, LITTLE)) {
        assertThat(result.segment().mismatch(expected.segment()))
            .as("seed %d, streams %s late: first different byte", SEED, late)
            .isEqualTo(-1);
      }
    }
  }

  /** A weight arrives while the product before the one that reads it is still queued. */
  @Test
  void weightsArriveWhileLaunchesRun() {
    FakeCuda cuda = new FakeCuda(2 * ENOUGH);
    cuda.streams.late = Set.of(LAUNCHES);
    run(cuda, LITTLE);
    assertThat(cuda.streams.ahead.getOrDefault(SENDING, 0))
        .as("transfers that ran while launches were queued")
        .isGreaterThanOrEqualTo(LAYERS / 2);
  }

  @Test
  void aFailureWhileWeightsAreSentNamesTheOp() {
    FakeCuda cuda = new FakeCuda(2 * ENOUGH);
    cuda.streams.late = Set.of(LAUNCHES, SENDING);
    cuda.failures.put("t3_norm", 719);
    assertThatThrownBy(() -> run(cuda, LITTLE))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("backend 'cuda' failed at ")
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED (719)")
        .hasMessageNotContaining("\n");
  }
}
