package org.t3jvm.model.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.VideoReaders;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.tensor.random.TorchRandom;

/** The detector is right on the world's own clips, fresh and as videos and models leave them. */
class ClipDetectorTest {
  private static final int FRAMES = 21;

  @TempDir Path temp;

  /** What becomes of a clip's frames before they are read. */
  private interface Wear {
    List<RgbImage> of(List<RgbImage> frames, int clip) throws IOException;
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"80, 128, 200, 1001", "144, 256, 60, 1002"})
  void readsFreshClips(int height, int width, int clips, long seed) throws IOException {
    assertRight(WorldSettings.trained(seed, height, width, FRAMES), clips, (frames, i) -> frames);
  }

  /** All clips one after the other in one video, as opening one takes longer than reading it. */
  @Test
  void readsVideos() throws IOException {
    WorldSettings settings = WorldSettings.trained(1003, 80, 128, FRAMES);
    int clips = 50;
    World world = new World(settings);
    Path file = temp.resolve("clips.mp4");
    try (FrameSink sink =
        VideoWriters.open(file, settings.width(), settings.height(), 12, Map.of())) {
      for (int i = 0; i < clips; i++) {
        Clip clip = world.clip(i);
        for (int t = 0; t < FRAMES; t++) {
          sink.write(clip.frame(t).rgb());
        }
      }
      sink.finish();
    }
    try (FrameSource source = VideoReaders.open(file)) {
      assertRight(settings, clips, (frames, i) -> next(source, frames.size()));
    }
  }

  private static List<RgbImage> next(FrameSource source, int count) throws IOException {
    List<RgbImage> frames = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      frames.add(Objects.requireNonNull(source.next()));
    }
    return frames;
  }

  @Test
  void readsBlurredAndNoisyClips() throws IOException {
    double[] squares = new double[2];
    assertRight(
        WorldSettings.trained(1004, 80, 128, FRAMES),
        60,
        (frames, clip) -> {
          TorchRandom random = new TorchRandom(clip);
          return frames.stream().map(frame -> worn(frame, random, squares)).toList();
        });
    double psnr = 10 * Math.log10(255 * 255 * squares[1] / squares[0]);
    assertThat(psnr).isBetween(28.0, 30.0);
  }

  /** Blurred by [1 2 1] / 4 both ways, and noise of deviation 8; sums up what that changes. */
  private static RgbImage worn(RgbImage frame, TorchRandom random, double[] squares) {
    int width = frame.width();
    int row = width * RgbImage.COLOURS;
    byte[] rgb = frame.rgb();
    float[] noise = new float[rgb.length];
    random.fillNormal(noise);
    byte[] worn = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      int y = i / row;
      int up = y == 0 ? 0 : -row;
      int down = y == frame.height() - 1 ? 0 : row;
      double blurred =
          (across(rgb, i + up, width) + 2 * across(rgb, i, width) + across(rgb, i + down, width))
              / 4;
      worn[i] = (byte) (int) Math.clamp(Math.rint(blurred + 8 * noise[i]), 0, 255);
      double change = (worn[i] & 0xff) - (rgb[i] & 0xff);
      squares[0] += change * change;
    }
    squares[1] += rgb.length;
    return new RgbImage(frame.height(), width, worn);
  }

  private static double across(byte[] rgb, int at, int width) {
    int x = at / RgbImage.COLOURS % width;
    int left = x == 0 ? at : at - RgbImage.COLOURS;
    int right = x == width - 1 ? at : at + RgbImage.COLOURS;
    return ((rgb[left] & 0xff) + 2 * (rgb[at] & 0xff) + (rgb[right] & 0xff)) / 4.0;
  }

  private static void assertRight(WorldSettings settings, int clips, Wear wear) throws IOException {
    World world = new World(settings);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < clips; i++) {
      Clip clip = world.clip(i);
      List<RgbImage> frames = IntStream.range(0, clip.frames()).mapToObj(clip::frame).toList();
      Reading reading = ClipDetector.read(wear.of(frames, i));
      if (!reading.shows(clip.combinations().getFirst())) {
        wrong.add("clip %d, '%s': %s".formatted(i, clip.caption(), reading));
      }
    }
    assertThat(wrong).as("seed %d", settings.seed()).hasSizeLessThanOrEqualTo((int) (0.02 * clips));
  }

  @Test
  void countsObjects() {
    WorldSettings settings =
        new WorldSettings(
            1005, Split.DEFAULT_SEED, Split.Part.TRAINED, Choice.ALL, 1, 1, 80, 128, 11);
    World world = new World(settings);
    for (int i = 0; i < 30; i++) {
      Clip clip = world.clip(i);
      List<RgbImage> frames = IntStream.range(0, clip.frames()).mapToObj(clip::frame).toList();
      assertThat(ClipDetector.read(frames).objects())
          .as("clip %d of seed %d, '%s'", i, settings.seed(), clip.caption())
          .isBetween(1.9, 2.1);
    }
  }

  @Test
  void seesNothingOnBareGround() {
    Scene bare =
        new Scene(1.6, Ground.SAND, Ground.SAND.texture(new TorchRandom(1006), 1.6), List.of());
    List<RgbImage> frames = List.of(new SceneRenderer(bare, 80, 128).at(0));
    assertThat(ClipDetector.read(frames)).isEqualTo(new Reading(Ground.SAND, Optional.empty(), 0));
  }
}
