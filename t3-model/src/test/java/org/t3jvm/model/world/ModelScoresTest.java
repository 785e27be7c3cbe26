package org.t3jvm.model.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.world.files.ClipSet;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import tools.jackson.databind.json.JsonMapper;

/**
 * How well a model trained on {@code make-clips} shows what prompts say, as the detector reads it.
 * Run by hand on clips of {@code make-clips}, whose settings say what each shows; the scores are
 * printed:
 *
 * <pre>
 * t3 make-clips held-out --part held_out --clips 200
 * t3 batch held-out/metadata.csv --model MODEL --out rendered
 * mvn -q -pl t3-model -am test -Dtest='ModelScoresTest#rendered*' -Dt3.scores.clips=$PWD/held-out \
 *   -Dt3.scores.videos=$PWD/rendered/metadata
 * mvn -q -pl t3-model -am test -Dtest='ModelScoresTest#roundTrip*' -Dt3.scores.clips=$PWD/held-out \
 *   -Dt3.scores.model=MODEL
 * </pre>
 */
class ModelScoresTest {
  private static final String CLIPS = "t3.scores.clips";
  private static final String VIDEOS = "t3.scores.videos";
  private static final String MODEL = "t3.scores.model";

  private static final double MAX_PSNR = 100;

  /**
   * The videos of batches, one for each of the first captions of the clips; folders with commas
   * between.
   */
  @Test
  @EnabledIfSystemProperty(named = VIDEOS, matches = ".+")
  void renderedVideosShowWhatTheirPromptsSay() throws IOException {
    for (String folder : System.getProperty(VIDEOS, "").split(",")) {
      score(Path.of(folder));
    }
  }

  private static void score(Path folder) throws IOException {
    World world = new World(clips().world());
    Tally tally = new Tally();
    List<Path> videos = videos(folder);
    assertThat(videos).as("%s", folder).isNotEmpty();
    for (int i = 0; i < videos.size(); i++) {
      Clip clip = world.clip(i);
      Reading reading = ClipDetector.read(videos.get(i));
      tally.add(reading, clip.combinations().getFirst());
      System.out.printf("%3d %s: %s%n", i, clip.caption(), reading);
    }
    System.out.println(folder + ": prompts, " + tally);
  }

  private static ClipSet clips() throws IOException {
    Path settings = Path.of(System.getProperty(CLIPS, "")).resolve("clips.json");
    return JsonMapper.shared().readValue(Files.readString(settings), ClipSet.class);
  }

  /** In the order of their prompts, all of them from the first on. */
  private static List<Path> videos(Path folder) throws IOException {
    SortedMap<Integer, Path> byIndex = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".mp4")).toList()) {
        String name = file.getFileName().toString();
        byIndex.put(
            Integer.parseInt(name.substring(name.lastIndexOf('_') + 1, name.length() - 4)), file);
      }
    }
    assertThat(byIndex.lastKey())
        .as("last of %d videos", byIndex.size())
        .isEqualTo(byIndex.size() - 1);
    return List.copyOf(byIndex.values());
  }

  @Test
  @EnabledIfSystemProperty(named = MODEL, matches = ".+")
  void roundTripOfTheAutoencoder() throws IOException {
    ClipSet clips = clips();
    World world = new World(clips.world());
    int height = clips.world().height();
    int width = clips.world().width();
    int count = clips.world().frames();
    Tally tally = new Tally();
    List<Double> psnr = new ArrayList<>();
    try (Backend backend = Backends.named("cpu").open(BackendOptions.defaults());
        ModelPart<VaeConfig> vae =
            ModelPart.vae(ModelSource.of(Path.of(System.getProperty(MODEL))), 2);
        VaeEncoder encoder =
            new VaeEncoder(backend, vae.config(), vae.parameters(), height, width, Taps.NONE);
        VaeDecoder decoder =
            new VaeDecoder(
                backend, vae.config(), vae.parameters(), height / 8, width / 8, Taps.NONE)) {
      for (int i = 0; i < clips.clips(); i++) {
        Clip clip = world.clip(i);
        Tensor pixels = Tensor.allocate(DType.F32, Shape.of(count, height, width, 3));
        for (int t = 0; t < count; t++) {
          pixels.rows(t, 1).copyFrom(clip.frame(t).pixels());
        }
        encoder.reset();
        Tensor latents = encoder.encode(pixels, region -> {});
        decoder.reset();
        Tensor decoded = decoder.decode(latents, region -> {});
        psnr.add(psnr(pixels.toFloats(), decoded.toFloats()));
        tally.add(
            ClipDetector.read(images(decoded, height, width)), clip.combinations().getFirst());
      }
    }
    System.out.printf(
        Locale.ROOT,
        "round trip: PSNR mean %.2f dB, least %.2f dB; %s%n",
        psnr.stream().mapToDouble(each -> each).average().orElseThrow(),
        psnr.stream().mapToDouble(each -> each).min().orElseThrow(),
        tally);
    assertThat(psnr).hasSize(clips.clips());
  }

  /** Frames [F, H, W, 3] in [-1, 1] as pictures. */
  private static List<RgbImage> images(Tensor frames, int height, int width) {
    float[] values = frames.toFloats();
    int size = height * width * RgbImage.COLOURS;
    List<RgbImage> images = new ArrayList<>();
    for (int start = 0; start < values.length; start += size) {
      byte[] rgb = new byte[size];
      for (int i = 0; i < size; i++) {
        rgb[i] = (byte) Math.round((Math.clamp(values[start + i], -1, 1) + 1) * 127.5f);
      }
      images.add(new RgbImage(height, width, rgb));
    }
    return images;
  }

  private static double psnr(float[] expected, float[] actual) {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = expected[i] - Math.clamp(actual[i], -1, 1);
      sum += difference * difference;
    }
    // Values lie in [-1, 1]: the peak is 2.
    return Math.min(MAX_PSNR, 10 * Math.log10(4 * expected.length / sum));
  }
}
