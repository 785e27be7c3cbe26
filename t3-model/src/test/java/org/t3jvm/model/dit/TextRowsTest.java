package org.t3jvm.model.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
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
      Parameters.of(RandomWeights.of(CONFIG.parameterShapes(), SEED));

  @SuppressWarnings("NullAway.Init")
  private static Backend reference;

  @SuppressWarnings("NullAway.Init")
  private static Backend cpu;

  @BeforeAll
  static void open() {
    reference = Backends.named("reference").open(BackendOptions.defaults());
    cpu = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void close() {
    reference.close();
    cpu.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 32",
    "7, 7, 32",
    "3, 7, 32",
    "31, 31, 32",
    "32, 32, 64",
    "40, 90, 128",
    "510, 510, 512",
    "511, 511, 512",
    "512, 512, 512"
  })
  void foldedPaddingGivesTheVelocityOfExplicitPadding(int tokens, int longest, int rows) {
    Tensor encoded = new TorchRandom(SEED + tokens).randn(Shape.of(tokens, CONFIG.textDim()));
    TextRows folded = TextRows.fold(encoded, longest);
    assertThat(folded.rows()).isEqualTo(rows);
    Tensor padded = Tensor.allocate(DType.F32, Shape.of(512, CONFIG.textDim()));
    padded.rows(0, tokens).copyFrom(encoded);
    Tensor explicit = velocity(reference, padded, Optional.empty());
    Golden.within(
        "seed %d, %d tokens in %d rows".formatted(SEED, tokens, rows),
        velocity(reference, folded.context(), Optional.of(folded.bias())),
        explicit,
        1e-5);
  }

  /** Products of so few rows are summed in another order. */
  private static final int FEW_ROWS = 4;

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 7", "3, 20", "31, 31", "33, 33", "40, 90", "95, 95", "100, 254"})
  void maskedRowsChangeNoBit(int tokens, int longest) {
    Tensor encoded = new TorchRandom(SEED + tokens).randn(Shape.of(tokens, CONFIG.textDim()));
    TextRows folded = TextRows.fold(encoded, longest);
    Tensor context = folded.context().rows(0, longest + 1);
    Tensor bias =
        Tensor.ofFloats(
            Shape.of(1, 1, longest + 1), Arrays.copyOf(folded.bias().toFloats(), longest + 1));
    Tensor more = velocity(cpu, folded.context(), Optional.of(folded.bias()));
    Tensor fewer = velocity(cpu, context, Optional.of(bias));
    if (longest + 1 > FEW_ROWS) {
      assertThat(more.toFloats()).as("seed %d", SEED).isEqualTo(fewer.toFloats());
    } else {
      Golden.within("seed %d".formatted(SEED), more, fewer, 1e-5);
    }
  }

  @Test
  void withoutTheBiasTheVelocityIsAnother() {
    Tensor encoded = new TorchRandom(SEED).randn(Shape.of(7, CONFIG.textDim()));
    TextRows folded = TextRows.fold(encoded, 7);
    float[] with = velocity(reference, folded.context(), Optional.of(folded.bias())).toFloats();
    float[] without = velocity(reference, folded.context(), Optional.empty()).toFloats();
    double largest = 0;
    for (int i = 0; i < with.length; i++) {
      largest = Math.max(largest, Math.abs(with[i] - without[i]));
    }
    assertThat(largest).as("seed %d", SEED).isGreaterThan(1e-2);
  }

  @Test
  void fewLengthsHoldAllContexts() {
    assertThat(TextRows.rowsFor(1)).isEqualTo(32);
    assertThat(TextRows.rowsFor(31)).isEqualTo(32);
    assertThat(TextRows.rowsFor(32)).isEqualTo(64);
    assertThat(TextRows.rowsFor(511)).isEqualTo(512);
    assertThat(TextRows.rowsFor(512)).isEqualTo(512);
    for (int rows = 1; rows <= 512; rows++) {
      assertThat(TextRows.lengthFor(rows)).isIn(32, 64, 128, 256, 512).isBetween(rows, 512);
    }
    assertThat(TextRows.lengthFor(64)).isEqualTo(64);
    assertThat(TextRows.lengthFor(65)).isEqualTo(128);
  }

  @ParameterizedTest
  @CsvSource({"8, 7", "3, 513"})
  void rowsThatDoNotHoldTheContextAreRefused(int tokens, int longest) {
    Tensor encoded = Tensor.allocate(DType.F32, Shape.of(tokens, 4));
    assertThatThrownBy(() -> TextRows.fold(encoded, longest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("context of %d rows does not fold into %d of 512".formatted(tokens, longest));
  }

  private static Tensor velocity(Backend backend, Tensor context, Optional<Tensor> bias) {
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
