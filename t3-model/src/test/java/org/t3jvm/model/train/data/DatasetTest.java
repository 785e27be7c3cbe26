package org.t3jvm.model.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.model.train.data.encode.ClipEncoder;
import org.t3jvm.model.train.data.encode.ClipFrames;
import org.t3jvm.model.train.data.encode.SizeRule;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.model.world.Clip;
import org.t3jvm.model.world.World;
import org.t3jvm.model.world.WorldSettings;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Data are checked and encoded before the first step, once; nothing bad is trained on unnoticed.
 */
class DatasetTest {
  private static final SizeRule RULE = new SizeRule(9, Optional.of(new FrameSize(32, 48)), 16);

  @TempDir Path temp;
  private Path folder = Path.of("");
  private final CountingEncoder encoder = new CountingEncoder();

  /** Gives the mean of each part's pixels as latents, and counts what it is asked for. */
  private static final class CountingEncoder implements ClipEncoder {
    private int clips;
    private int texts;
    private int clipsLeft = Integer.MAX_VALUE;

    @Override
    public String clipIdentity() {
      return "means";
    }

    @Override
    public String contextIdentity() {
      return "lengths";
    }

    @Override
    public Tensor clip(ClipFrames frames) throws IOException {
      List<Float> means = new ArrayList<>();
      for (Tensor part = frames.next(); part != null; part = frames.next()) {
        float sum = 0;
        for (float value : part.toFloats()) {
          sum += value;
        }
        means.add(sum / part.shape().elements());
      }
      if (clipsLeft-- == 0) {
        throw new IllegalStateException("killed");
      }
      clips++;
      float[] values = new float[means.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = means.get(i);
      }
      return Tensor.ofFloats(
          Shape.of(1, values.length, frames.size().height() / 8, 1),
          repeated(values, frames.size().height() / 8));
    }

    private static float[] repeated(float[] values, int times) {
      float[] all = new float[values.length * times];
      for (int i = 0; i < all.length; i++) {
        all[i] = values[i / times];
      }
      return all;
    }

    @Override
    public Tensor context(String text) {
      texts++;
      return Tensor.ofFloats(Shape.of(1, 1), text.length());
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temp.resolve("data"));
  }

  private void write(String name, int height, int width, int frames) throws IOException {
    Clip clip = new World(WorldSettings.trained(name.hashCode(), height, width, frames)).clip(0);
    String out = folder.resolve(name) + (name.contains(".") ? "" : "/");
    try (FrameSink sink = VideoWriters.open(out, width, height, 8, Map.of())) {
      for (int t = 0; t < frames; t++) {
        sink.write(clip.frame(t).rgb());
      }
      sink.finish();
    }
  }

  private void metadata(String... rows) throws IOException {
    Files.writeString(
        folder.resolve("metadata.csv"), "file_name,text\n" + String.join("\n", rows) + "\n");
  }

  private Dataset build(SizeRule rule) throws IOException {
    return DatasetBuilder.build(folder, rule, encoder, temp.resolve("cache"), DatasetListener.NONE);
  }

  @Test
  void takesWhatIsGoodAndNamesTheRest() throws IOException {
    write("a.mp4", 32, 48, 9);
    write("frames", 64, 64, 7);
    write("small.mp4", 16, 64, 9);
    write("one", 48, 96, 1);
    Files.copy(folder.resolve("one/frame_00000.png"), folder.resolve("image.PNG"));
    byte[] video = Files.readAllBytes(folder.resolve("a.mp4"));
    Files.write(folder.resolve("broken.mp4"), Arrays.copyOf(video, video.length / 2));
    metadata(
        "a.mp4,first",
        "small.mp4,too small",
        "frames,second",
        "none.mp4,missing",
        "image.PNG,third",
        "a.mp4,  ",
        "broken.mp4,cut short");
    Dataset dataset = build(RULE);
    assertThat(dataset.shapes())
        .containsExactly(Shape.of(1, 3, 4, 1), Shape.of(1, 2, 4, 1), Shape.of(1, 1, 4, 1));
    assertThat(dataset.sample(1).context().toFloats()).containsExactly("second".length());
    assertThat(dataset.emptyContext().toFloats()).containsExactly(0);
    assertThat(dataset.skipped())
        .extracting(SkippedRow::toString)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "metadata.csv line 3: 'small.mp4' is skipped: it is 64x16, at least 48x32"
                            + " is needed"),
            line ->
                assertThat(line)
                    .isEqualTo("metadata.csv line 5: 'none.mp4' is skipped: there is no such file"),
            line ->
                assertThat(line)
                    .isEqualTo("metadata.csv line 7: 'a.mp4' is skipped: its caption is empty"),
            line -> assertThat(line).startsWith("metadata.csv line 8: 'broken.mp4' is skipped: "));
  }

  @Test
  void keepsItsOwnSizesWhereNoneIsGiven() throws IOException {
    write("a.mp4", 40, 48, 9);
    write("b", 64, 80, 5);
    metadata("a.mp4,first", "b,second");
    Dataset dataset = build(new SizeRule(5, Optional.empty(), 16));
    assertThat(dataset.shapes()).containsExactly(Shape.of(1, 2, 4, 1), Shape.of(1, 2, 8, 1));
  }

  @Test
  void encodesEachClipAndCaptionOnce() throws IOException {
    write("a.mp4", 32, 48, 9);
    write("b.mp4", 32, 48, 9);
    metadata("a.mp4,same", "b.mp4,same");
    Dataset first = build(RULE);
    assertThat(encoder.clips).isEqualTo(2);
    assertThat(encoder.texts).isEqualTo(2);
    Dataset second = build(RULE);
    assertThat(encoder.clips).isEqualTo(2);
    assertThat(encoder.texts).isEqualTo(2);
    assertThat(second.sample(1).clip().toFloats()).isEqualTo(first.sample(1).clip().toFloats());
    write("b.mp4", 64, 48, 9);
    build(RULE);
    assertThat(encoder.clips).isEqualTo(3);
    build(new SizeRule(5, RULE.size(), 16));
    assertThat(encoder.clips).isEqualTo(5);
  }

  @Test
  void continuesAfterAKillAndEncodesDamagedFilesAgain() throws IOException {
    for (String name : List.of("a", "b", "c", "d")) {
      write(name, 32, 48, 5);
    }
    metadata("a,one", "b,two", "c,three", "d,four");
    encoder.clipsLeft = 2;
    assertThatThrownBy(() -> build(RULE)).hasMessage("killed");
    encoder.clipsLeft = Integer.MAX_VALUE;
    Dataset dataset = build(RULE);
    assertThat(encoder.clips).isEqualTo(4);
    float[] before = dataset.sample(0).clip().toFloats();
    try (Stream<Path> kept = Files.walk(temp.resolve("cache"))) {
      for (Path file : kept.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
      }
    }
    assertThat(dataset.sample(0).clip().toFloats()).isEqualTo(before);
    assertThatThrownBy(() -> dataset.sample(1)).hasMessageContaining("is damaged");
    Dataset again = build(RULE);
    assertThat(encoder.clips).isEqualTo(8);
    assertThat(again.sample(0).clip().toFloats()).isEqualTo(before);
  }

  @Test
  void refusesDataWithoutAnythingGood() throws IOException {
    metadata("none.mp4,missing");
    assertThatThrownBy(() -> build(RULE))
        .hasMessage(
            "data folder '%s' has nothing to train on: metadata.csv line 2: 'none.mp4' is skipped:"
                + " there is no such file",
            folder);
  }

  @Test
  void refusesSizesThatTheModelDoesNotTake() {
    assertThatThrownBy(() -> new SizeRule(8, Optional.empty(), 16))
        .hasMessage("8 frames: must be one more than a multiple of 4");
    assertThatThrownBy(() -> new SizeRule(9, Optional.of(new FrameSize(30, 48)), 16))
        .hasMessage("48x30: height and width must be multiples of 16");
  }

  @Test
  void cutsTheCentre() throws IOException {
    int height = 32;
    int width = 80;
    byte[] rgb = new byte[height * width * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % width);
    }
    try (FrameSink sink =
        VideoWriters.open(folder.resolve("ramp") + "/", width, height, 8, Map.of())) {
      sink.write(rgb);
      sink.finish();
    }
    try (ClipFrames frames = ClipFrames.open(folder.resolve("ramp"), RULE)) {
      Tensor pixels = frames.next();
      assertThat(pixels).isNotNull();
      assertThat(pixels.shape()).isEqualTo(Shape.of(1, 32, 48, 3));
      float[] values = pixels.toFloats();
      for (int x = 0; x < 48; x++) {
        assertThat(values[3 * x]).isEqualTo((x + 16) * (float) (2.0 / 255) - 1);
      }
      assertThat(frames.next()).isNull();
    }
  }
}
