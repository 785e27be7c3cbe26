package org.t3jvm.model.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.model.media.Ffmpeg;

/** MP4 files read back by FFmpeg's own demuxer and decoder. */
class Mp4WriterTest {
  private static final int WIDTH = 96;
  private static final int HEIGHT = 80;
  private static final Map<String, String> TAGS =
      Map.of("title", "a red ball", "comment", "seed 0");

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({"96, 80, 30, 9", "98, 50, 16, 5", "16, 16, 24, 1", "640, 352, 29.97, 35"})
  void framesComeBack(int width, int height, double fps, int count) throws IOException {
    Path file = temp.resolve("clip.mp4");
    record(file, width, height, fps, count);
    try (FFmpegFrameGrabber grabber = open(file)) {
      assertThat(grabber.getVideoCodecName()).isEqualTo("h264");
      assertThat(grabber.getImageWidth()).isEqualTo(width);
      assertThat(grabber.getImageHeight()).isEqualTo(height);
      assertThat(grabber.getVideoFrameRate()).isCloseTo(fps, within(1e-3));
      assertThat(grabber.getLengthInTime()).isCloseTo(Math.round(count * 1e6 / fps), within(1000L));
      assertThat(grabber.getMetadata()).containsAllEntriesOf(TAGS);
      for (int t = 0; t < count; t++) {
        Frame frame = grabber.grabImage();
        assertThat(frame).as("frame %d of %d", t, count).isNotNull();
        AVFrame planes = (AVFrame) frame.opaque;
        assertThat(planes.format()).isEqualTo(avutil.AV_PIX_FMT_YUV420P);
        assertThat(planes.colorspace()).isEqualTo(avutil.AVCOL_SPC_BT709);
        assertThat(psnr(planes, TestFrames.frame(width, height, t), width, height))
            .as("PSNR in dB of frame %d", t)
            .isGreaterThan(35);
      }
      assertThat(grabber.grabImage()).as("frames after the last").isNull();
    }
  }

  @Test
  void theIndexComesBeforeTheFrames() throws IOException {
    Path file = temp.resolve("clip.mp4");
    record(file, WIDTH, HEIGHT, 30, 3);
    String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertThat(bytes.indexOf("moov")).isPositive().isLessThan(bytes.indexOf("mdat"));
  }

  @Test
  void theSameFramesGiveTheSameBytes() throws IOException {
    record(temp.resolve("a.mp4"), WIDTH, HEIGHT, 30, 12);
    record(temp.resolve("b.mp4"), WIDTH, HEIGHT, 30, 12);
    assertThat(temp.resolve("a.mp4")).hasSameBinaryContentAs(temp.resolve("b.mp4"));
  }

  @Test
  void nothingIsVisibleBeforeFinishAndNothingRemainsAfterClose() throws IOException {
    Path file = temp.resolve("clip.mp4");
    try (FrameSink sink = new Mp4Writer(file, WIDTH, HEIGHT, 30, TAGS)) {
      sink.write(TestFrames.frame(WIDTH, HEIGHT, 0));
      assertThat(file).doesNotExist();
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void anEarlierFileStaysUntilFinish() throws IOException {
    Path file = Files.writeString(temp.resolve("clip.mp4"), "earlier");
    try (FrameSink sink = new Mp4Writer(file, WIDTH, HEIGHT, 30, TAGS)) {
      sink.write(TestFrames.frame(WIDTH, HEIGHT, 0));
    }
    assertThat(file).hasContent("earlier");
    record(file, WIDTH, HEIGHT, 30, 2);
    try (FFmpegFrameGrabber grabber = open(file)) {
      assertThat(grabber.getLengthInVideoFrames()).isEqualTo(2);
    }
    assertThat(TestFrames.names(temp)).containsExactly("clip.mp4");
  }

  @Test
  void aVideoWithoutFramesIsAnErrorAndNoFile() throws IOException {
    Path file = temp.resolve("clip.mp4");
    try (FrameSink sink = new Mp4Writer(file, WIDTH, HEIGHT, 30, TAGS)) {
      assertThatThrownBy(sink::finish)
          .isInstanceOf(IOException.class)
          .hasMessage(file + ": cannot be written, it has no frame");
      assertThatThrownBy(sink::finish).isInstanceOf(IllegalStateException.class);
    }
    assertThat(temp).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"missing/clip.mp4, create it first", "file/clip.mp4, create it first"})
  void aTargetThatCannotBeIsNamed(String name, String advice) throws IOException {
    Files.writeString(temp.resolve("file"), "");
    Path file = temp.resolve(name);
    assertThatThrownBy(() -> new Mp4Writer(file, WIDTH, HEIGHT, 30, TAGS))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": cannot be written, there is no folder")
        .hasMessageEndingWith(advice);
    assertThat(TestFrames.names(temp)).containsExactly("file");
  }

  @Test
  void aFolderOfThatNameIsRefused() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("clip.mp4"));
    assertThatThrownBy(() -> new Mp4Writer(folder, WIDTH, HEIGHT, 30, TAGS))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + ": cannot be written, it is a folder");
  }

  @Test
  void aFolderThatVanishesIsOneLineAtFinish() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("folder"));
    Path file = folder.resolve("clip.mp4");
    try (FrameSink sink = new Mp4Writer(file, WIDTH, HEIGHT, 30, TAGS)) {
      sink.write(TestFrames.frame(WIDTH, HEIGHT, 0));
      for (String name : TestFrames.names(folder)) {
        Files.delete(folder.resolve(name));
      }
      Files.delete(folder);
      assertThatThrownBy(sink::finish)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": cannot be written, ")
          .hasMessageNotContaining("\n");
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void aFullDiskIsReported() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs Linux's /dev/full");
    assertThatThrownBy(
            () -> {
              Ffmpeg.load();
              try (Mp4Muxer muxer =
                  new Mp4Muxer(full, WIDTH, HEIGHT, avutil.av_d2q(30, 1001), TAGS)) {
                muxer.write(TestFrames.frame(WIDTH, HEIGHT, 0));
                muxer.finish();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
  }

  @ParameterizedTest
  @CsvSource({"97, 80, 96x80", "96, 81, 96x80", "14, 80, 16x80", "0, 0, 16x16"})
  void sizesThatH264CannotTakeAreNamedWithTheNextOnes(int width, int height, String nearest) {
    assertThatThrownBy(() -> new Mp4Writer(temp.resolve("a.mp4"), width, height, 30, TAGS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(width + "x" + height)
        .hasMessageContaining("nearest is " + nearest);
    assertThat(temp).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "NaN", "1e9"})
  void ratesOutOfRangeAreNamed(double fps) {
    assertThatThrownBy(() -> new Mp4Writer(temp.resolve("a.mp4"), WIDTH, HEIGHT, fps, TAGS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fps");
  }

  @Test
  void aFrameOfAnotherSizeIsRefused() throws IOException {
    try (FrameSink sink = new Mp4Writer(temp.resolve("a.mp4"), WIDTH, HEIGHT, 30, TAGS)) {
      assertThatThrownBy(() -> sink.write(new byte[7]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(WIDTH * HEIGHT * 3));
    }
  }

  @Test
  void aSizeBeyondTheEncoderIsOneLine() throws IOException {
    Path file = temp.resolve("wide.mp4");
    assertThatThrownBy(() -> new Mp4Writer(file, 16384, 8192, 30, TAGS))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": cannot be written, no H.264 encoder takes 16384x8192")
        .hasMessageNotContaining("\n");
    assertThat(temp).isEmptyDirectory();
  }

  private static void record(Path file, int width, int height, double fps, int count)
      throws IOException {
    try (FrameSink sink = new Mp4Writer(file, width, height, fps, TAGS)) {
      for (int t = 0; t < count; t++) {
        sink.write(TestFrames.frame(width, height, t));
      }
      sink.finish();
    }
  }

  private static FFmpegFrameGrabber open(Path file) throws IOException {
    FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile());
    grabber.setImageMode(FrameGrabber.ImageMode.RAW);
    grabber.start();
    return grabber;
  }

  /** Peak signal to noise ratio in dB, over R, G and B, of planes converted back by BT.709. */
  private static double psnr(AVFrame planes, byte[] rgb, int width, int height) {
    double squares = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double luma = (sample(planes, 0, x, y) - 16) / 219.0;
        double blue = (sample(planes, 1, x / 2, y / 2) - 128) / 224.0;
        double red = (sample(planes, 2, x / 2, y / 2) - 128) / 224.0;
        double r = luma + 1.5748 * red;
        double b = luma + 1.8556 * blue;
        double g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152;
        int at = (y * width + x) * 3;
        squares += square(r * 255 - (rgb[at] & 0xFF));
        squares += square(g * 255 - (rgb[at + 1] & 0xFF));
        squares += square(b * 255 - (rgb[at + 2] & 0xFF));
      }
    }
    return 10 * Math.log10(255.0 * 255.0 * rgb.length / squares);
  }

  private static int sample(AVFrame planes, int plane, int x, int y) {
    return planes.data(plane).get((long) y * planes.linesize(plane) + x) & 0xFF;
  }

  private static double square(double value) {
    return value * value;
  }
}
