package org.t3jvm.model.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.model.golden.Fixture;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.Loaded;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.TokenGrid;

/** Configurations of the DiT from tensor shapes, against SPEC 4's table and torch's files. */
class DitConfigTest {
  private static final DitConfig WAN21_1_3B =
      new DitConfig(16, 16, 1536, 12, 8960, 30, 256, 4096, 2, 2);
  private static final DitConfig WAN22_5B =
      new DitConfig(48, 48, 3072, 24, 14336, 30, 256, 4096, 2, 2);
  private static final DitConfig WAN21_14B =
      new DitConfig(16, 16, 5120, 40, 13824, 40, 256, 4096, 2, 2);

  private static Map<String, Shape> shapes(DitConfig config) {
    return new LinkedHashMap<>(config.parameterShapes().asMap());
  }

  @ParameterizedTest
  @CsvSource({"1.3B, 825, 1418996800", "5B, 825, 4999787712", "14B, 1095, 14288491584"})
  void releasedModelsHaveTheirTensorsAndParameters(String model, int tensors, long parameters) {
    DitConfig config =
        switch (model) {
          case "1.3B" -> WAN21_1_3B;
          case "5B" -> WAN22_5B;
          default -> WAN21_14B;
        };
    Map<String, Shape> shapes = shapes(config);
    assertThat(shapes).hasSize(tensors);
    assertThat(shapes.values().stream().mapToLong(Shape::elements).sum()).isEqualTo(parameters);
    assertThat(DitConfig.infer(shapes, OptionalInt.empty())).isEqualTo(config);
    assertThat(config.headDim()).isEqualTo(128);
    assertThat(config.separatedTimestep()).isEqualTo(model.equals("5B"));
  }

  @Test
  void theManifestNamesWhatTorchStored() throws IOException {
    Fixture fixture = FixtureSet.bundled().named("dit13");
    try (Loaded file = Loaded.open(fixture.weights(false))) {
      int heads = fixture.config("num_heads");
      DitConfig config = DitConfig.infer(file.shapes(), OptionalInt.of(heads));
      assertThat(config).isEqualTo(new DitConfig(16, 16, 72, 3, 100, 5, 64, 64, 2, 2));
      assertThat(shapes(config)).containsExactlyInAnyOrderEntriesOf(file.shapes());
    }
  }

  @Test
  void theGridIsThatOfPatches() {
    assertThat(WAN21_1_3B.grid(21, 272, 480)).isEqualTo(new TokenGrid(21, 136, 240));
    assertThatThrownBy(() -> WAN21_1_3B.grid(21, 271, 480))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("latents of 271x480 cells do not divide into patches of 2x2");
  }

  @Test
  void headsThatDoNotDivideTheWidthPointToTheConfigFile() {
    assertThatThrownBy(() -> DitConfig.infer(shapes(WAN21_1_3B), OptionalInt.of(7)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("7 heads do not divide the width 1536")
        .hasMessageContaining("num_heads in config.json");
  }

  @Test
  void imageConditionedModelsAreNamed() {
    Map<String, Shape> moreChannels = shapes(WAN21_1_3B);
    moreChannels.put("patch_embedding.weight", Shape.of(1536, 36, 1, 2, 2));
    Map<String, Shape> imageEmbedding = shapes(WAN21_1_3B);
    imageEmbedding.put("img_emb.proj.0.weight", Shape.of(1280));
    Map<String, Shape> imageKeys = shapes(WAN21_1_3B);
    imageKeys.put("blocks.0.cross_attn.k_img.weight", Shape.of(1536, 1536));
    for (Map<String, Shape> each : List.of(moreChannels, imageEmbedding, imageKeys)) {
      assertThatThrownBy(() -> DitConfig.infer(each, OptionalInt.empty()))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("image-conditioned variant")
          .hasMessageContaining("use Wan2.1-T2V or Wan2.2-TI2V weights");
    }
  }

  @Test
  void otherFilesAreNoDit() {
    Map<String, Shape> renamed = shapes(WAN21_1_3B);
    renamed.remove("patch_embedding.weight");
    assertThatThrownBy(() -> DitConfig.infer(renamed, OptionalInt.empty()))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("no DiT: tensor 'patch_embedding.weight' is missing among 824 tensors");
    Map<String, Shape> flat = shapes(WAN21_1_3B);
    flat.put("patch_embedding.weight", Shape.of(1536, 64));
    assertThatThrownBy(() -> DitConfig.infer(flat, OptionalInt.empty()))
        .hasMessage("no DiT: tensor 'patch_embedding.weight' is [1536, 64], not of rank 5");
    Map<String, Shape> long3d = shapes(WAN21_1_3B);
    long3d.put("patch_embedding.weight", Shape.of(1536, 16, 2, 2, 2));
    assertThatThrownBy(() -> DitConfig.infer(long3d, OptionalInt.empty()))
        .hasMessageContaining("patches of 2 latent frames are not supported");
  }
}
