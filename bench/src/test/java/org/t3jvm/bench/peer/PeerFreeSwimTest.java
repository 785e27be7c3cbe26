package org.t3jvm.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.bench.cases.FreeSwimStep;
import org.t3jvm.bench.cases.GraphCase;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;

/** FreeSwim's step as we compute it against its authors' algorithm, on peers and on our own. */
class PeerFreeSwimTest {
  private static final long SEED = 16;
  private static final DitConfig CONFIG = new DitConfig(16, 16, 48, 2, 64, 3, 16, 20, 2, 2);

  /** Windows of 5x7 tokens on a grid that has several boxes of queries along both axes. */
  private static final GraphCase STEP =
      FreeSwimStep.of(CONFIG, new TokenGrid(2, 10, 18), new TokenGrid(2, 4, 6), 9);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "reference, true, 1e-5",
    "libtorch-f32, false, 1e-5",
    "libtorch-upstream, true, 1e-5",
    "libtorch-bf16, false, 0.05"
  })
  void givesTheSameVelocity(String name, boolean upstream, double bound) {
    Graph graph = upstream ? Objects.requireNonNull(STEP.upstream()) : STEP.graph();
    Random random = new Random(SEED);
    Map<String, Tensor> parameters = PeerRuns.tensors(graph.parameters(), random);
    Map<String, Tensor> inputs = PeerRuns.tensors(graph.inputs(), random);
    try (Backend reference = PeerRuns.reference();
        Backend backend =
            name.equals("reference") ? PeerRuns.reference() : PeerRuns.openOrSkip(name)) {
      Tensor expected = PeerRuns.run(reference, STEP.graph(), parameters, inputs, "velocity");
      Tensor actual = PeerRuns.run(backend, graph, parameters, inputs, "velocity");
      assertThat(PeerRuns.error(actual, expected))
          .as("error of %s relative to the largest element, seed %d", name, SEED)
          .isLessThan(bound);
    }
  }
}
