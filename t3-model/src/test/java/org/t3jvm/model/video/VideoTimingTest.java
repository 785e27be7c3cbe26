package org.t3jvm.model.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.model.image.RgbImage;

/** Frames taken by time, and turned as the file says. */
class VideoTimingTest {
  private static final int WIDTH = 32;
  private static final int HEIGHT = 16;

  @TempDir Path temp;

  /** A video whose frame {@code t} is of the grey level {@code t}. */
  private Path levels(double rate, long... micros) throws IOException {
    Path file = temp.resolve("levels.mkv");
    try (TestVideo video = new TestVideo(file, WIDTH, HEIGHT, rate)) {
      byte[] rgb = new byte[WIDTH * HEIGHT * 3];
      for (int t = 0; t < micros.length; t++) {
        Arrays.fill(rgb, (byte) t);
        video.write(rgb, micros[t]);
      }
    }
    return file;
  }

  private static List<Integer> read(Path file, double rate) throws IOException {
    List<Integer> levels = new ArrayList<>();
    try (FrameSource source = VideoReaders.open(file, rate)) {
      for (RgbImage frame = source.next(); frame != null; frame = source.next()) {
        levels.add((int) frame.rgb()[0]);
      }
    }
    return levels;
  }

  private static long[] every(double rate, int frames) {
    long[] micros = new long[frames];
    for (int t = 0; t < frames; t++) {
      micros[t] = Math.round(t * 1e6 / rate);
    }
    return micros;
  }

  @Test
  void framesOfTheRateAskedForAreAllTaken() throws IOException {
    assertThat(read(levels(16, every(16, 9)), 16)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void aFasterVideoLosesFramesAndKeepsItsLength() throws IOException {
    // 10 frames at 30 a second are 5.33 frames at 16: those nearest to 0, 62.5, 125, ... ms.
    assertThat(read(levels(30, every(30, 10)), 16)).containsExactly(0, 2, 4, 6, 8);
  }

  @Test
  void aSlowerVideoRepeatsFrames() throws IOException {
    assertThat(read(levels(8, every(8, 4)), 16)).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
  }

  @Test
  void framesOfUnequalLengthKeepTheirTimes() throws IOException {
    assertThat(read(levels(10, 0, 100_000, 600_000, 700_000), 10))
        .containsExactly(0, 1, 1, 1, 1, 1, 2, 3);
    assertThat(read(levels(10, 0, 100_000, 600_000, 700_000), 0)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aVideoIsTurnedAsItSays() throws IOException {
    Path file = temp.resolve("clip.mp4");
    try (FrameSink sink = VideoWriters.open(file, WIDTH, HEIGHT, 16, Map.of())) {
      sink.write(TestFrames.frame(WIDTH, HEIGHT, 3));
      sink.finish();
    }
    byte[] mp4 = Files.readAllBytes(file);
    byte[] stored = first(file).rgb();
    for (int degrees : new int[] {90, 180, 270}) {
      Files.write(file, withMatrix(mp4, degrees));
      RgbImage shown = first(file);
      assertThat(shown.width()).isEqualTo(degrees == 180 ? WIDTH : HEIGHT);
      assertThat(shown.rgb()).as("%d", degrees).isEqualTo(clockwise(stored, degrees));
    }
  }

  private static RgbImage first(Path file) throws IOException {
    try (FrameSource source = VideoReaders.open(file)) {
      return Objects.requireNonNull(source.next());
    }
  }

  /** The display matrix of the track header in 16.16 fixed point: cosine, sine, -sine, cosine. */
  private static byte[] withMatrix(byte[] mp4, int degrees) {
    byte[] turned = mp4.clone();
    int header = new String(mp4, StandardCharsets.ISO_8859_1).indexOf("tkhd");
    int cosine = (int) Math.round(Math.cos(Math.toRadians(degrees))) << 16;
    int sine = (int) Math.round(Math.sin(Math.toRadians(degrees))) << 16;
    ByteBuffer.wrap(turned)
        .putInt(header + 44, cosine)
        .putInt(header + 48, sine)
        .putInt(header + 56, -sine)
        .putInt(header + 60, cosine);
    return turned;
  }

  private static byte[] clockwise(byte[] rgb, int degrees) {
    int width = degrees == 180 ? WIDTH : HEIGHT;
    int height = degrees == 180 ? HEIGHT : WIDTH;
    byte[] turned = new byte[rgb.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int fromX = degrees == 90 ? y : degrees == 180 ? WIDTH - 1 - x : WIDTH - 1 - y;
        int fromY = degrees == 90 ? HEIGHT - 1 - x : degrees == 180 ? HEIGHT - 1 - y : x;
        System.arraycopy(rgb, (fromY * WIDTH + fromX) * 3, turned, (y * width + x) * 3, 3);
      }
    }
    return turned;
  }
}
