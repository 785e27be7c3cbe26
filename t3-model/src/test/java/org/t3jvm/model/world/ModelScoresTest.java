package org.t3jvm.model.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.t3jvm.T3;
import org.t3jvm.Video;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/**
 * How well a model trained on {@code make-clips} shows what prompts say, as the detector reads it.
 * Run by hand on the model folder {@code -Dt3.scores.model}; the scores are printed:
 *
 * <pre>
 * mvn -q -pl t3-model -am test -Dtest=ModelScoresTest -Dt3.scores.model=... -Dt3.scores.clips=200
 * </pre>
 */
@EnabledIfSystemProperty(named = "t3.scores.model", matches = ".+")
class ModelScoresTest {
  private static final Pattern UNDIRECTED =
      Pattern.compile(".*\\brolls(?! (right|left|to|from)).*");
  private static final double MAX_PSNR = 100;

  private static final Path MODEL = Path.of(System.getProperty("t3.scores.model", ""));
  private static final int CLIPS = Integer.getInteger("t3.scores.clips", 8);
  private static final int HEIGHT = Integer.getInteger("t3.scores.height", 80);
  private static final int WIDTH = Integer.getInteger("t3.scores.width", 128);
  private static final int STEPS = Integer.getInteger("t3.scores.steps", 0);
  private static final long SEED = Long.getLong("t3.scores.seed", 2001);
  private static final Split.Part PART =
      Split.Part.valueOf(System.getProperty("t3.scores.part", "held_out").toUpperCase(Locale.ROOT));
  private static final int FRAMES = 21;
  private static final double SPREAD =
      Double.parseDouble(System.getProperty("t3.scores.spread", "1"));

  private static final Choice CHOICE =
      new Choice(
          named(Figure.class, "shapes"),
          named(Motion.class, "motions"),
          named(Size.class, "sizes"));

  private static final World WORLD =
      new World(
          new WorldSettings(
              SEED, Split.DEFAULT_SEED, PART, CHOICE, 0, SPREAD, HEIGHT, WIDTH, FRAMES));

  @Test
  void promptsOfCombinationsThatWereNotTrained() throws Exception {
    Tally tally = new Tally();
    String scale = System.getProperty("t3.scores.cfg", "");
    try (T3 t3 = T3.open(MODEL)) {
      for (int i = 0; i < CLIPS; i++) {
        Clip clip = WORLD.clip(i);
        VideoJobBuilder job =
            VideoJob.of(clip.caption()).size(HEIGHT, WIDTH).frames(FRAMES).seed(SEED + i);
        if (STEPS > 0) {
          job.steps(STEPS);
        }
        if (!scale.isEmpty()) {
          job.cfg(Float.parseFloat(scale));
        }
        Video video = t3.generate(job.build(), event -> {}, new CancelToken());
        List<RgbImage> frames =
            video.frames().stream()
                .map(rgb -> new RgbImage(video.height(), video.width(), rgb))
                .toList();
        Reading reading = ClipDetector.read(frames);
        Combination wanted = clip.combinations().getFirst();
        tally.add(reading, wanted, !UNDIRECTED.matcher(clip.caption()).matches());
        System.out.printf("%3d %s: %s%n", i, clip.caption(), reading);
      }
    }
    System.out.println("prompts, seed " + SEED + ", " + tally);
    assertThat(CLIPS).isPositive();
  }

  @Test
  void roundTripOfTheAutoencoder() throws IOException {
    Tally tally = new Tally();
    List<Double> psnr = new ArrayList<>();
    try (Backend backend = Backends.named("cpu").open(BackendOptions.defaults());
        ModelPart<VaeConfig> vae = ModelPart.vae(ModelSource.of(MODEL), 2);
        VaeEncoder encoder =
            new VaeEncoder(backend, vae.config(), vae.parameters(), HEIGHT, WIDTH, Taps.NONE);
        VaeDecoder decoder =
            new VaeDecoder(
                backend, vae.config(), vae.parameters(), HEIGHT / 8, WIDTH / 8, Taps.NONE)) {
      for (int i = 0; i < CLIPS; i++) {
        Clip clip = WORLD.clip(i);
        Tensor pixels = Tensor.allocate(DType.F32, Shape.of(FRAMES, HEIGHT, WIDTH, 3));
        for (int t = 0; t < FRAMES; t++) {
          pixels.rows(t, 1).copyFrom(clip.frame(t).pixels());
        }
        encoder.reset();
        Tensor latents = encoder.encode(pixels, region -> {});
        decoder.reset();
        Tensor decoded = decoder.decode(latents, region -> {});
        psnr.add(psnr(pixels.toFloats(), decoded.toFloats()));
        tally.add(ClipDetector.read(images(decoded)), clip.combinations().getFirst(), true);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "round trip, seed %d: PSNR mean %.2f dB, least %.2f dB; %s%n",
        SEED,
        psnr.stream().mapToDouble(each -> each).average().orElseThrow(),
        psnr.stream().mapToDouble(each -> each).min().orElseThrow(),
        tally);
    assertThat(psnr).hasSize(CLIPS);
  }

  /** The values that a property names with commas between, or all. */
  private static <E extends Enum<E>> List<E> named(Class<E> type, String property) {
    String names = System.getProperty("t3.scores." + property, "");
    return names.isEmpty()
        ? List.of(type.getEnumConstants())
        : Arrays.stream(names.toUpperCase(Locale.ROOT).split(","))
            .map(name -> Enum.valueOf(type, name))
            .toList();
  }

  /** Frames [F, H, W, 3] in [-1, 1] as pictures. */
  private static List<RgbImage> images(Tensor frames) {
    float[] values = frames.toFloats();
    int size = HEIGHT * WIDTH * RgbImage.COLOURS;
    List<RgbImage> images = new ArrayList<>();
    for (int start = 0; start < values.length; start += size) {
      byte[] rgb = new byte[size];
      for (int i = 0; i < size; i++) {
        rgb[i] = (byte) Math.round((Math.clamp(values[start + i], -1, 1) + 1) * 127.5f);
      }
      images.add(new RgbImage(HEIGHT, WIDTH, rgb));
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
