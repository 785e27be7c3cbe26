package org.t3jvm.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.Loaded;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.tensor.Shape;

/** Configurations of the UMT5 encoder from tensor shapes, against SPEC 3 and torch's files. */
class Umt5ConfigTest {
  private static final Umt5Config XXL = new Umt5Config(256384, 4096, 4096, 10240, 64, 24, 32);

  private static Map<String, Shape> shapes() {
    return new LinkedHashMap<>(XXL.parameterShapes().asMap());
  }

  @Test
  void umt5XxlHasItsTensorsAndParameters() {
    assertThat(shapes()).hasSize(242);
    assertThat(shapes().values().stream().mapToLong(Shape::elements).sum())
        .isEqualTo(5_680_910_336L);
    assertThat(Umt5Config.infer(shapes())).isEqualTo(XXL);
  }

  @Test
  void theManifestNamesWhatTorchStored() throws IOException {
    try (Loaded file = Loaded.open(FixtureSet.bundled().named("t5").weights(true))) {
      Umt5Config config = Umt5Config.infer(file.shapes());
      assertThat(config).isEqualTo(new Umt5Config(300, 64, 64, 112, 4, 3, 32));
      assertThat(config.parameterShapes().asMap())
          .containsExactlyInAnyOrderEntriesOf(file.shapes());
    }
  }

  @Test
  void modelsThatAreNotSupportedAreNamed() {
    Map<String, Shape> shared = shapes();
    shared.put("pos_embedding.embedding.weight", Shape.of(32, 64));
    assertThatThrownBy(() -> Umt5Config.infer(shared))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("one position bias shared by all layers is not supported");
    Map<String, Shape> uneven = shapes();
    uneven.put("blocks.0.pos_embedding.embedding.weight", Shape.of(32, 60));
    assertThatThrownBy(() -> Umt5Config.infer(uneven))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("60 heads do not divide the attention width 4096");
    assertThatThrownBy(() -> Umt5Config.infer(Map.of("encoder.conv1.weight", Shape.of(1))))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("no UMT5 encoder: tensor 'token_embedding.weight' is missing among 1 tensors");
  }
}
