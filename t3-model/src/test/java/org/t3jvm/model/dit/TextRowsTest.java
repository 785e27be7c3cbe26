package org.t3jvm.model.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.random.TorchRandom;

/** SPEC 17: padding folded into one key gives the velocity that 512 explicit rows give. */
class TextRowsTest {
  private static final long SEED = 17;
  private static final DitConfig CONFIG = new DitConfig(4, 4, 24, 2, 40, 2, 16, 12, 2, 2);
  private static final TokenGrid GRID = new TokenGrid(2, 2, 3);
  private static final Parameters WEIGHTS =
      Parameters.of(RandomWeights.of(CONFIG.manifest(), SEED));

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @BeforeAll
  static void open() {
    backend = Backends.named("reference").open(BackendOptions.defaults());
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "7, 8", "3, 8", "40, 41", "510, 511", "511, 512", "512, 512"})
  void foldedPaddingGivesTheVelocityOfExplicitPadding(int tokens, int rows) {
    Tensor encoded = new TorchRandom(SEED + tokens).randn(Shape.of(tokens, CONFIG.textDim()));
    TextRows folded = TextRows.fold(encoded, rows);
    assertThat(folded.rows()).isEqualTo(rows);
    Tensor padded = Tensor.allocate(DType.F32, Shape.of(512, CONFIG.textDim()));
    padded.rows(0, tokens).copyFrom(encoded);
    Tensor explicit = velocity(padded, Optional.empty());
    Golden.within(
        "seed %d, %d tokens in %d rows".formatted(SEED, tokens, rows),
        velocity(folded.context(), folded.bias()),
        explicit,
        1e-5);
  }

  @Test
  void withoutTheBiasTheVelocityIsAnother() {
    Tensor encoded = new TorchRandom(SEED).randn(Shape.of(7, CONFIG.textDim()));
    TextRows folded = TextRows.fold(encoded, 8);
    float[] with = velocity(folded.context(), folded.bias()).toFloats();
    float[] without = velocity(folded.context(), Optional.empty()).toFloats();
    double largest = 0;
    for (int i = 0; i < with.length; i++) {
      largest = Math.max(largest, Math.abs(with[i] - without[i]));
    }
    assertThat(largest).as("seed %d", SEED).isGreaterThan(1e-2);
  }

  @Test
  void aFoldedRowIsLeftWhereItFits() {
    assertThat(TextRows.rowsFor(1)).isEqualTo(2);
    assertThat(TextRows.rowsFor(511)).isEqualTo(512);
    assertThat(TextRows.rowsFor(512)).isEqualTo(512);
  }

  @ParameterizedTest
  @CsvSource({"8, 7", "8, 8", "3, 513"})
  void rowsThatDoNotHoldTheContextAreRefused(int tokens, int rows) {
    Tensor encoded = Tensor.allocate(DType.F32, Shape.of(tokens, 4));
    assertThatThrownBy(() -> TextRows.fold(encoded, rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("context of %d rows does not fold into %d of 512".formatted(tokens, rows));
  }

  private static Tensor velocity(Tensor context, Optional<Tensor> bias) {
    int rows = context.shape().intDim(0);
    Map<String, Tensor> inputs = new HashMap<>();
    try (Program text = backend.compile(DitText.graph(CONFIG, WEIGHTS, rows, Taps.NONE), WEIGHTS)) {
      inputs.putAll(text.run(Map.of(DitText.CONTEXT, context)));
    }
    bias.ifPresent(tensor -> inputs.put(Dit.TEXT_BIAS, tensor));
    inputs.put(Dit.LATENTS, new TorchRandom(SEED).randn(Shape.of(4, 2, 4, 6)));
    inputs.put(Dit.SINUSOID, TimestepEmbedding.sinusoid(CONFIG.freqDim(), 700f));
    Dit.Job job = new Dit.Job(GRID, rows, bias.isPresent(), false);
    SelfAttentionPlan full = SelfAttentionPlan.full();
    try (Program program =
        backend.compile(Dit.graph(CONFIG, full, WEIGHTS, job, Taps.NONE), WEIGHTS)) {
      return Golden.named(program.run(inputs), Dit.VELOCITY);
    }
  }
}
