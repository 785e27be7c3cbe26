package org.t3jvm.model.train.data.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.DatasetBuilder;
import org.t3jvm.model.train.data.DatasetListener;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.model.world.Clip;
import org.t3jvm.model.world.World;
import org.t3jvm.model.world.WorldSettings;
import org.t3jvm.model.world.files.ClipFolder;
import org.t3jvm.model.world.files.ClipSet;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/** Clips through a model's own encoders, against encoding all frames of a clip in one call. */
class ModelEncoderTest {
  @TempDir Path temp;

  @Test
  void encodesClipsOfAFolder() throws IOException {
    WorldSettings settings = WorldSettings.trained(3, 32, 48, 9);
    ClipSet set = new ClipSet(settings, 2, ClipSet.Format.PNG, 8);
    Path folder = temp.resolve("clips");
    new ClipFolder(folder, set).write(done -> {});
    SizeRule rule = new SizeRule(9, Optional.of(new FrameSize(32, 48)), 16);
    try (EmbeddedModel embedded = EmbeddedModel.open();
        Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
      ModelSource source = ModelSource.of(embedded.folder());
      try (VideoModel model = VideoModel.open(ModelFiles.find(source));
          ModelPart<VaeConfig> vae = ModelPart.vae(source, 2);
          ModelPart<Umt5Config> text = ModelPart.textEncoder(source, 2);
          CaptionContexts captions =
              new CaptionContexts(text, model.tokenizer(), "embedded", backend);
          ModelEncoder encoder = new ModelEncoder(vae, captions, backend);
          VaeEncoder whole =
              new VaeEncoder(
                  backend, model.vaeConfig(), model.vaeParameters(), 32, 48, Taps.NONE)) {
        Dataset dataset =
            DatasetBuilder.build(
                folder, rule, encoder, temp.resolve("cache"), DatasetListener.NONE);
        for (int i = 0; i < 2; i++) {
          Clip clip = new World(settings).clip(i);
          Tensor pixels = Tensor.allocate(DType.F32, Shape.of(9, 32, 48, 3));
          for (int t = 0; t < 9; t++) {
            pixels.rows(t, 1).copyFrom(clip.frame(t).pixels());
          }
          whole.reset();
          Tensor expected = whole.encode(pixels, region -> {});
          Sample sample = dataset.sample(i);
          assertThat(sample.clip().shape()).isEqualTo(Shape.of(16, 3, 4, 6));
          float[] latents = sample.clip().toFloats();
          float[] exact = expected.toFloats();
          for (int k = 0; k < exact.length; k++) {
            assertThat(latents[k]).isCloseTo(exact[k], within(1e-4f));
          }
          int words = clip.caption().split(" ", -1).length;
          assertThat(sample.context().shape().dim(0)).isGreaterThan(words);
          assertThat(sample.context().shape().dim(1)).isEqualTo(model.textConfig().dim());
        }
      }
    }
  }
}
