package org.t3jvm.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.JobResolver;
import org.t3jvm.model.prompt.NegativePrompt;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.graph.TokenGrid;

/** What is rendered if nothing is asked for, against SPEC 1's table of each release's own. */
class ModelDefaultsTest {
  private static final DitConfig WAN21_14B =
      new DitConfig(16, 16, 5120, 40, 13824, 40, 256, 4096, 2, 2);
  private static final DitConfig WAN22_5B =
      new DitConfig(48, 48, 3072, 24, 14336, 30, 256, 4096, 2, 2);

  @TempDir Path dir;

  private static GenerationRequest request(ModelDefaults defaults) {
    return new GenerationRequest(
        "",
        "",
        defaults.height(),
        defaults.width(),
        defaults.frames(),
        defaults.steps(),
        5,
        5,
        0,
        SelfAttentionPlan.full());
  }

  @ParameterizedTest
  @CsvSource({"16, 480, 832, 81, 16, 21, 30, 52", "48, 704, 1280, 121, 24, 31, 22, 40"})
  void wanModelsAreRunAtTheirOwnSizes(
      int channels, int height, int width, int frames, double fps, int t, int h, int w) {
    DitConfig dit = channels == 48 ? WAN22_5B : WAN21_14B;
    VaeConfig vae = channels == 48 ? VaeConfig.wan22(160, 256) : VaeConfig.wan21(96);
    ModelDefaults defaults = ModelDefaults.wan(dit);
    assertThat(defaults).isEqualTo(new ModelDefaults(height, width, frames, 50, fps, null));
    request(defaults).requireFits(dit, vae);
    assertThat(request(defaults).grid(dit, vae)).isEqualTo(new TokenGrid(t, h, w));
  }

  @Test
  void bothT3ModelsGetTheirPublishedWindows() {
    GenerationRequest request = request(ModelDefaults.T3_VIDEO);
    assertThat(T3WindowRule.WAN21.windows(request.grid(WAN21_14B, VaeConfig.wan21(96))))
        .isEqualTo(T3WindowRule.WAN21.table());
    assertThat(T3WindowRule.WAN22.windows(request.grid(WAN22_5B, VaeConfig.wan22(160, 256))))
        .isEqualTo(T3WindowRule.WAN22.table());
  }

  @Test
  void windowsOfOtherSizesFollowThoseOfTheModelsOwn() throws IOException {
    Path file = dir.resolve(ModelDefaults.FILE);
    String own =
        "{\"height\":144,\"width\":256,\"frames\":21,\"steps\":2,\"fps\":8,\"windows\":\"%s\"}";
    Files.writeString(file, own.formatted("1,1,2;6,1,1;1,3,1"));
    JobResolver model = resolver(Optional.empty());
    assertThat(windows(model, 144, 256)).isEqualTo("1,1,2;6,1,1;1,3,1");
    assertThat(windows(model, 288, 512)).isEqualTo("1,2,4;6,1,1;1,6,2");
    T3WindowRule trained = new T3WindowRule(new TokenGrid(6, 18, 32), T3Windows.parse("2,3,4"));
    JobResolver retrofitted = resolver(Optional.of(trained));
    assertThat(windows(retrofitted, 288, 512)).as("those of the weights").isEqualTo("2,3,4");
    assertThat(windows(retrofitted, 576, 1024)).isEqualTo("2,6,8");
    Files.writeString(file, own.formatted("1,1,2;7,1,1"));
    assertThatThrownBy(() -> windows(model, 288, 512))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "t3_defaults.json of the model: windows 7,1,1 are more than the token grid 6x9x16"
                + " (latent frames x rows/2 x columns/2) has tokens along an axis");
  }

  private JobResolver resolver(Optional<T3WindowRule> trained) {
    return new JobResolver(
        dir, WAN21_14B, VaeConfig.wan21(96), trained.isPresent(), trained, NegativePrompt.UPSTREAM);
  }

  private static String windows(JobResolver resolver, int height, int width) throws IOException {
    VideoJob job = VideoJob.of("a fox").size(height, width).build();
    return resolver.resolve(job, note -> {}).request().attention().toString();
  }

  @Test
  void aFolderMayBringItsOwn() throws IOException {
    assertThat(ModelDefaults.of(dir, ModelDefaults.T3_VIDEO)).isEqualTo(ModelDefaults.T3_VIDEO);
    assertThat(ModelDefaults.of(null, ModelDefaults.T3_VIDEO)).isEqualTo(ModelDefaults.T3_VIDEO);
    Path file = dir.resolve(ModelDefaults.FILE);
    Files.writeString(file, "{\"height\":32,\"width\":64,\"frames\":5,\"steps\":2,\"fps\":8}");
    assertThat(ModelDefaults.of(dir, ModelDefaults.T3_VIDEO))
        .isEqualTo(new ModelDefaults(32, 64, 5, 2, 8, null));
    Files.writeString(
        file,
        """
        {"height":32,"width":64,"frames":5,"steps":2,"fps":8,"cfg":3,"shift":2.5,"negative":"dull"}
        """);
    ModelDefaults own = ModelDefaults.of(dir, ModelDefaults.T3_VIDEO);
    assertThat(own).isEqualTo(new ModelDefaults(32, 64, 5, 2, 8, null, 3f, 2.5f, "dull"));
    JobResolver resolver = resolver(Optional.empty());
    VideoJob job = resolver.resolve(VideoJob.of("a fox").build(), note -> {}).job();
    assertThat(job.sampling().cfg()).isEqualTo(3);
    assertThat(job.sampling().shift()).isEqualTo(2.5f);
    assertThat(job.text().negative()).isEqualTo("dull");
    VideoJob asked = VideoJob.of("a fox").cfg(4).shift(6).negative("").build();
    VideoJob given = resolver.resolve(asked, note -> {}).job();
    assertThat(given.sampling().cfg()).isEqualTo(4);
    assertThat(given.sampling().shift()).isEqualTo(6);
    assertThat(given.text().negative()).isEmpty();
    Files.writeString(file, "{");
    assertThatThrownBy(() -> ModelDefaults.of(dir, ModelDefaults.T3_VIDEO))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }
}
