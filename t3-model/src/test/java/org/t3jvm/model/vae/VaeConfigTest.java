package org.t3jvm.model.vae;

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

/** Configurations of the Wan2.1 VAE from tensor shapes, against SPEC 6 and torch's files. */
class VaeConfigTest {
  private static final VaeConfig RELEASED = new VaeConfig(96, 16);

  @Test
  void theReleasedVaeHasItsTensorsAndParameters() {
    Map<String, Shape> shapes = RELEASED.manifest().shapes();
    assertThat(shapes).hasSize(194);
    assertThat(shapes.values().stream().mapToLong(Shape::elements).sum()).isEqualTo(126_892_531L);
    assertThat(VaeConfig.infer(shapes)).isEqualTo(RELEASED);
  }

  @Test
  void theManifestNamesWhatTorchStored() throws IOException {
    try (Loaded file = Loaded.open(FixtureSet.bundled().named("vae21").path(".pth"))) {
      VaeConfig config = VaeConfig.infer(file.shapes());
      assertThat(config).isEqualTo(new VaeConfig(4, 16));
      assertThat(config.manifest().shapes()).containsExactlyInAnyOrderEntriesOf(file.shapes());
    }
  }

  @Test
  void theDecoderReportsOneRegionForEachLayerAndTheHead() {
    assertThat(RELEASED.decoderRegions()).as("3 of the middle, 15, the head").isEqualTo(19);
  }

  @Test
  void theWan22VaeIsNamed() throws IOException {
    try (Loaded file = Loaded.open(FixtureSet.bundled().named("vae22").path(".pth"))) {
      assertThatThrownBy(() -> VaeConfig.infer(file.shapes()))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessage("the Wan2.2 VAE is not supported yet; use Wan2.1_VAE.pth");
    }
  }

  @Test
  void otherFilesAreNoVae() {
    Map<String, Shape> grey = new LinkedHashMap<>(RELEASED.manifest().shapes());
    grey.put("encoder.conv1.weight", Shape.of(96, 1, 3, 3, 3));
    assertThatThrownBy(() -> VaeConfig.infer(grey))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("no Wan2.1 VAE: its encoder takes 1 channels, not 3");
    Map<String, Shape> narrow = new VaeConfig(96, 8).manifest().shapes();
    assertThatThrownBy(() -> VaeConfig.infer(narrow))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("no Wan2.1 VAE: it has 8 latent channels, not 16");
    assertThatThrownBy(() -> VaeConfig.infer(Map.of("norm.weight", Shape.of(64))))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("no Wan2.1 VAE: tensor 'encoder.conv1.weight' is missing among 1 tensors");
  }
}
