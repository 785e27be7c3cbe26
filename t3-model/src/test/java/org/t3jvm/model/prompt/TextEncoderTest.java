package org.t3jvm.model.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;

/** Prompts share programs of few lengths, and none of it shows. */
class TextEncoderTest {
  private static final long SEED = 3;
  private static final Umt5Config CONFIG = new Umt5Config(300, 64, 64, 112, 4, 3, 32);
  private static final Parameters WEIGHTS =
      Parameters.of(RandomWeights.of(CONFIG.parameterShapes(), SEED));

  /** Products of so few rows are summed in another order. */
  private static final int FEW_ROWS = 4;

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 31, 32, 33, 50, 64, 65, 97, 130, 300, 512})
  void aContextIsThatOfAProgramOfItsOwnLength(int tokens) {
    long[] ids = new Random(SEED).longs(tokens, 1, CONFIG.vocab()).toArray();
    try (Backend backend = Backends.named("cpu").open(BackendOptions.defaults());
        Program exact = backend.compile(Umt5.graph(CONFIG, WEIGHTS, tokens), WEIGHTS)) {
      Tensor mask = Tensor.ofFloats(Shape.of(1, 1, tokens), new float[tokens]);
      Tensor alone =
          exact
              .run(Map.of(Umt5.IDS, Tensor.ofLongs(Shape.of(tokens), ids), Umt5.MASK, mask))
              .get(Umt5.CONTEXT);
      Tensor encoded = new TextEncoder(backend, CONFIG, WEIGHTS).encode(ids, RegionListener.NONE);
      assertThat(alone).isNotNull();
      assertThat(encoded.shape()).isEqualTo(Shape.of(tokens, CONFIG.dim()));
      if (tokens > FEW_ROWS) {
        assertThat(encoded.toFloats()).as("seed %d", SEED).isEqualTo(alone.toFloats());
      } else {
        Golden.within("seed %d".formatted(SEED), encoded, alone, 1e-5);
      }
    }
  }
}
