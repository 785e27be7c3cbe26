package org.t3jvm.model.dit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.random.TorchRandom;

/** Heads computed group by group give the bits that all heads at once give. */
class DitPartsTest {
  private static final long SEED = 29;
  private static final int HEADS = 4;
  private static final DitConfig CONFIG = new DitConfig(4, 4, 48, HEADS, 96, 2, 16, 12, 2, 2);
  private static final int TEXT_ROWS = 5;
  private static final float ROUNDING = 1e-5f;
  private static final List<Dit.Parts> PARTS =
      List.of(
          Dit.Parts.WHOLE,
          new Dit.Parts(2, 1),
          new Dit.Parts(HEADS, 1),
          new Dit.Parts(1, 3),
          new Dit.Parts(2, 5));

  @ParameterizedTest
  @CsvSource({
    "3, 4, 6, false",
    "3, 4, 6, true",
    // Two chunks of rows.
    "2, 64, 130, false",
    "2, 64, 130, true",
  })
  void partsGiveTheNumbersOfAllAtOnce(int t, int h, int w, boolean separated) {
    TokenGrid grid = new TokenGrid(t, h, w);
    Parameters weights = Parameters.of(RandomWeights.of(CONFIG.parameterShapes(), SEED));
    T3Windows windows = T3Windows.parse("%d,%d,2;1,2,%d".formatted(t, h / 2, w / 2));
    Map<String, Tensor> inputs = inputs(grid, separated);
    try (Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
      float[] together = new float[0];
      long memory = Long.MAX_VALUE;
      for (Dit.Parts parts : PARTS) {
        Dit.Job job = new Dit.Job(grid, TEXT_ROWS, false, separated).with(parts);
        Graph graph = Dit.graph(CONFIG, windows, weights, job, Taps.NONE);
        try (Program program = backend.compile(graph, weights)) {
          float[] velocity = Golden.named(program.run(inputs), Dit.VELOCITY).toFloats();
          if (parts.equals(Dit.Parts.WHOLE)) {
            together = velocity;
          }
          assertAgrees(velocity, together, parts);
          if (grid.tokens() > 16_384 && parts.tokenChunks() == 1) {
            assertThat(program.memoryPlan().activations()).isLessThan(memory);
            memory = program.memoryPlan().activations();
          }
        }
      }
    }
  }

  private static void assertAgrees(float[] velocity, float[] together, Dit.Parts parts) {
    float tolerance = parts.tokenChunks() == 1 ? 0f : ROUNDING;
    assertThat(velocity).hasSameSizeAs(together);
    for (int i = 0; i < velocity.length; i++) {
      // Negated, so that NaN fails.
      if (!(Math.abs(velocity[i] - together[i]) <= tolerance)) {
        throw new AssertionError(
            "%s, seed %d: element %d is %s, expected %s within %s"
                .formatted(parts, SEED, i, velocity[i], together[i], tolerance));
      }
    }
  }

  private static Map<String, Tensor> inputs(TokenGrid grid, boolean separated) {
    TorchRandom random = new TorchRandom(SEED);
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put(Dit.LATENTS, random.randn(Shape.of(4, grid.t(), 2L * grid.h(), 2L * grid.w())));
    inputs.put(
        Dit.SINUSOID,
        separated
            ? TimestepEmbedding.sinusoid(CONFIG.freqDim(), 0, 700f)
            : TimestepEmbedding.sinusoid(CONFIG.freqDim(), 700f));
    for (int layer = 0; layer < CONFIG.layers(); layer++) {
      Shape text = Shape.of(TEXT_ROWS, CONFIG.dim());
      inputs.put(DitText.key(layer), random.randn(text).to(DType.F32));
      inputs.put(DitText.value(layer), random.randn(text).to(DType.F32));
    }
    return inputs;
  }
}
