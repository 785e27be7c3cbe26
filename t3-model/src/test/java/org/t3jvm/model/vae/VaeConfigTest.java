package org.t3jvm.model.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.Loaded;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.tensor.Shape;

/** Configurations of the VAEs from tensor shapes, against SPEC 6 and 7 and torch's files. */
class VaeConfigTest {
  private static final VaeConfig WAN21 = VaeConfig.wan21(96);
  private static final VaeConfig WAN22 = VaeConfig.wan22(160, 256);

  private static VaeConfig config(VaeFamily family, int encoderWidth, int decoderWidth) {
    return new VaeConfig(family, encoderWidth, decoderWidth);
  }

  @ParameterizedTest
  @CsvSource({"WAN21, 96, 96, 194, 126892531, 8, 16", "WAN22, 160, 256, 196, 704688668, 16, 48"})
  void theReleasedVaesHaveTheirTensorsAndParameters(
      VaeFamily family,
      int encoderWidth,
      int decoderWidth,
      int tensors,
      long parameters,
      int factor,
      int latentChannels) {
    VaeConfig released = config(family, encoderWidth, decoderWidth);
    Map<String, Shape> shapes = released.parameterShapes().asMap();
    assertThat(shapes).hasSize(tensors);
    assertThat(shapes.values().stream().mapToLong(Shape::elements).sum()).isEqualTo(parameters);
    assertThat(VaeConfig.infer(shapes)).isEqualTo(released);
    assertThat(released.spatialFactor()).isEqualTo(factor);
    assertThat(released.latentChannels()).isEqualTo(latentChannels);
  }

  @ParameterizedTest
  @CsvSource({"vae21, WAN21, 4, 4", "vae22, WAN22, 3, 4"})
  void theManifestNamesWhatTorchStored(
      String fixture, VaeFamily family, int encoderWidth, int decoderWidth) throws IOException {
    try (Loaded file = Loaded.open(FixtureSet.bundled().named(fixture).path(".pth"))) {
      VaeConfig config = VaeConfig.infer(file.shapes());
      assertThat(config).isEqualTo(config(family, encoderWidth, decoderWidth));
      assertThat(config.parameterShapes().asMap())
          .containsExactlyInAnyOrderEntriesOf(file.shapes());
    }
  }

  @Test
  void aRegionIsReportedForEachLayerAndTheHead() {
    assertThat(WAN21.decoderRegions()).as("3 of the middle, 15, the head").isEqualTo(19);
    assertThat(WAN21.encoderRegions()).as("11, 3 of the middle, the head").isEqualTo(15);
    assertThat(WAN22.decoderRegions()).as("layers inside of stages count").isEqualTo(19);
    assertThat(WAN22.encoderRegions()).as("layers inside of stages count").isEqualTo(15);
  }

  @Test
  void otherFilesAreNoVae() {
    Map<String, Shape> grey = new LinkedHashMap<>(WAN21.parameterShapes().asMap());
    grey.put("encoder.conv1.weight", Shape.of(96, 1, 3, 3, 3));
    assertThatThrownBy(() -> VaeConfig.infer(grey))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("no Wan VAE: its encoder takes 1 channels, not 3 (Wan2.1) or 12 (Wan2.2)");
    Map<String, Shape> narrow = new LinkedHashMap<>(WAN22.parameterShapes().asMap());
    narrow.put("conv2.weight", Shape.of(16, 16, 1, 1, 1));
    assertThatThrownBy(() -> VaeConfig.infer(narrow))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("no Wan2.2 VAE: it has 16 latent channels, not 48");
    assertThatThrownBy(() -> VaeConfig.infer(Map.of("norm.weight", Shape.of(64))))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("no VAE: tensor 'conv2.weight' is missing among 1 tensors");
  }
}
