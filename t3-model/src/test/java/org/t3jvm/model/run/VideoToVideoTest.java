package org.t3jvm.model.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.job.ImageFit;
import org.t3jvm.job.Sampler;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.golden.ModelFolder;
import org.t3jvm.model.golden.RecordedRun;
import org.t3jvm.model.image.BicubicResize;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.SourceVideo;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.sampling.Schedulers;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.RegionListener;

/** Videos that start from a video: read, resized, encoded, mixed with noise (SPEC 1, step 3). */
@Tag("slow")
class VideoToVideoTest {
  private static final int SIZE = 32;
  private static final int FRAMES = 9;
  private static final int SEED = 4;

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @TempDir Path dir;
  private ModelFolder model = new ModelFolder(Path.of(""));

  @BeforeAll
  static void openBackend() {
    backend = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void closeBackend() {
    backend.close();
  }

  @BeforeEach
  void buildFolder() throws IOException {
    model = ModelFolder.build(FixtureSet.bundled(), Files.createDirectory(dir.resolve("model")));
  }

  private static List<RgbImage> images(int count, int height, int width) {
    Random random = new Random(SEED);
    List<RgbImage> images = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      byte[] rgb = new byte[height * width * 3];
      random.nextBytes(rgb);
      images.add(new RgbImage(height, width, rgb));
    }
    return images;
  }

  private Path folderOf(List<RgbImage> images) throws IOException {
    Path folder = dir.resolve("source");
    RgbImage first = images.getFirst();
    try (FrameSink sink =
        VideoWriters.open(folder + "/", first.width(), first.height(), 16, Map.of())) {
      for (RgbImage image : images) {
        sink.write(image.rgb());
      }
      sink.finish();
    }
    return folder;
  }

  private static GenerationRequest request(Sampler sampler, SourceVideo source) {
    return new GenerationRequest(
            "a fox", "", SIZE, SIZE, FRAMES, 2, 1, 5, SEED, SelfAttentionPlan.full())
        .withSampler(sampler)
        .withSource(source);
  }

  /** Latents of the first frames at the video's size, all in one chunk. */
  private Tensor encoded(List<RgbImage> images) throws IOException {
    List<Tensor> frames = new ArrayList<>();
    for (RgbImage image : images.subList(0, FRAMES)) {
      frames.add(BicubicResize.resize(image, SIZE, SIZE).pixels());
    }
    try (VideoModel opened = VideoModel.open(model.files());
        VaeEncoder encoder =
            new VaeEncoder(
                backend, opened.vaeConfig(), opened.vaeParameters(), SIZE, SIZE, Taps.NONE)) {
      return encoder.encode(Golden.joined(frames), RegionListener.NONE);
    }
  }

  /** The middle squares of pictures that are wider than high. */
  private static List<RgbImage> middles(List<RgbImage> images) {
    return images.stream().map(VideoToVideoTest::middle).toList();
  }

  private static RgbImage middle(RgbImage image) {
    int side = image.height();
    int left = (image.width() - side) / 2;
    byte[] rgb = new byte[side * side * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = image.rgb()[(i / 3 / side * image.width() + left + i / 3 % side) * 3 + i % 3];
    }
    return new RgbImage(side, side, rgb);
  }

  @ParameterizedTest
  @CsvSource({
    "EULER, 0.4, 32, 32, 9",
    "UNIPC, 0.7, 32, 32, 12",
    "DPMPP, 1, 48, 64, 9",
    "EULER, 0.2, 20, 16, 9",
    "EULER, 0.2, 20, 48, 9"
  })
  void denoisingStartsFromTheNoisedVideo(
      Sampler sampler, float strength, int height, int width, int count) throws IOException {
    // The widest is cut to its middle; the others are stretched.
    ImageFit fit = width > 2 * height ? ImageFit.COVER : ImageFit.STRETCH;
    List<RgbImage> images = images(count, height, width);
    GenerationRequest request =
        request(sampler, new SourceVideo(folderOf(images), 0, strength, fit));
    RecordedRun run = RecordedRun.of(model.files(), request, backend);
    Scheduler scheduler = Schedulers.of(sampler, 2, 5, strength, 0);
    double sigma = scheduler.sigma(0);
    Tensor clean = encoded(fit == ImageFit.COVER ? middles(images) : images);
    Tensor noise = run.value("noise");
    Tensor start = run.value("step0.latents_in");
    assertThat(start.shape()).isEqualTo(noise.shape());
    for (long i = 0; i < start.shape().elements(); i++) {
      double expected = (1 - sigma) * clean.getDouble(i) + sigma * noise.getDouble(i);
      assertThat(start.getDouble(i))
          .as("latent %d at sigma %s", i, sigma)
          .isCloseTo(expected, Offset.offset(1e-4));
    }
    assertThat(run.frames().shape().dim(0)).isEqualTo(FRAMES);
  }

  @Test
  void tilesEncodeTheVideoToo() throws IOException {
    Path source = folderOf(images(FRAMES, SIZE, SIZE));
    GenerationRequest exact =
        request(Sampler.EULER, new SourceVideo(source, 0, 0.5f, ImageFit.STRETCH));
    RecordedRun planes = RecordedRun.of(model.files(), exact, backend);
    GenerationRequest oneTile = exact.withTiling(Tiling.PIPELINE);
    RecordedRun one = RecordedRun.of(model.files(), oneTile, backend);
    GenerationRequest fourTiles = exact.withTiling(new Tiling(3, 3, 2, 1));
    RecordedRun four = RecordedRun.of(model.files(), fourTiles, backend);
    float[] start = planes.value("step0.latents_in").toFloats();
    assertThat(one.value("step0.latents_in").toFloats()).isEqualTo(start);
    assertThat(four.value("step0.latents_in").toFloats()).isNotEqualTo(start);
    Golden.within("frames of one tile", one.frames(), planes.frames(), 0);
  }

  @Test
  void aVideoOfTooFewFramesIsToldWithWhatWouldFit() throws IOException {
    Path source = folderOf(images(7, SIZE, SIZE));
    GenerationRequest request =
        request(Sampler.EULER, new SourceVideo(source, 0, 0.5f, ImageFit.STRETCH));
    assertThatThrownBy(() -> RecordedRun.of(model.files(), request, backend))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "'%s' has 7 frames, the video takes 9; give size.frames 5 or a longer video", source);
  }

  @ParameterizedTest
  @CsvSource({"0", "1.01", "-1", "NaN"})
  void aStrengthOutOfRangeNamesTheOption(float strength) {
    GenerationRequest request =
        request(Sampler.EULER, new SourceVideo(dir.resolve("none"), 0, strength, ImageFit.STRETCH));
    assertThatThrownBy(() -> RecordedRun.of(model.files(), request, backend))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("start.strength is %s, must be above 0 and at most 1", strength);
  }

  @Test
  void aSamplerChangesTheVideoAndNotItsStart() throws IOException {
    Path source = folderOf(images(FRAMES, SIZE, SIZE));
    RecordedRun euler =
        RecordedRun.of(
            model.files(),
            request(Sampler.EULER, new SourceVideo(source, 0, 0.5f, ImageFit.STRETCH)),
            backend);
    RecordedRun dpmpp =
        RecordedRun.of(
            model.files(),
            request(Sampler.DPMPP, new SourceVideo(source, 0, 0.5f, ImageFit.STRETCH)),
            backend);
    assertThat(dpmpp.value("noise").toFloats()).isEqualTo(euler.value("noise").toFloats());
    assertThat(dpmpp.value("final_latents").toFloats())
        .isNotEqualTo(euler.value("final_latents").toFloats());
  }
}
