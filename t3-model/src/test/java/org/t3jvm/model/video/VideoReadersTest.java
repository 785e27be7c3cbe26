package org.t3jvm.model.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.model.image.RgbImage;

/** What the writers wrote comes back; what is no video is refused in one line. */
class VideoReadersTest {
  private static final int WIDTH = 96;
  private static final int HEIGHT = 80;
  private static final int FRAMES = 5;

  @TempDir Path temp;

  private Path record(String name, int frames) throws IOException {
    Path file = temp.resolve(name);
    String out = name.contains(".") ? file.toString() : file + "/";
    try (FrameSink sink = VideoWriters.open(out, WIDTH, HEIGHT, 16, Map.of())) {
      for (int t = 0; t < frames; t++) {
        sink.write(TestFrames.frame(WIDTH, HEIGHT, t));
      }
      sink.finish();
    }
    return file;
  }

  private static List<RgbImage> read(Path path) throws IOException {
    List<RgbImage> frames = new ArrayList<>();
    try (FrameSource source = VideoReaders.open(path)) {
      for (RgbImage frame = source.next(); frame != null; frame = source.next()) {
        assertThat(frame.width()).isEqualTo(WIDTH);
        assertThat(frame.height()).isEqualTo(HEIGHT);
        frames.add(frame);
      }
    }
    return frames;
  }

  @Test
  void aFolderOfFramesComesBackByteForByte() throws IOException {
    List<RgbImage> frames = read(record("frames", FRAMES));
    assertThat(frames).hasSize(FRAMES);
    for (int t = 0; t < FRAMES; t++) {
      assertThat(frames.get(t).rgb()).isEqualTo(TestFrames.frame(WIDTH, HEIGHT, t));
    }
  }

  @Test
  void aVideoComesBackAsNearAsItsEncodingAllows() throws IOException {
    List<RgbImage> frames = read(record("clip.mp4", FRAMES));
    assertThat(frames).hasSize(FRAMES);
    for (int t = 0; t < FRAMES; t++) {
      byte[] expected = TestFrames.frame(WIDTH, HEIGHT, t);
      byte[] actual = frames.get(t).rgb();
      double squares = 0;
      for (int i = 0; i < expected.length; i++) {
        double error = (expected[i] & 0xFF) - (actual[i] & 0xFF);
        squares += error * error;
      }
      // The other matrix, BT.601, shifts saturated colours by 10 levels and more: below 30 dB.
      assertThat(10 * Math.log10(255.0 * 255.0 * expected.length / squares))
          .as("PSNR in dB of frame %d", t)
          .isGreaterThan(33);
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> VideoReaders.open(temp.resolve("none.mp4")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none.mp4");
  }

  @Test
  void aFileThatIsNoVideoIsOneLine() throws IOException {
    Path file = Files.writeString(temp.resolve("prompt: a fox.txt"), "a fox runs over grass\n");
    assertThatThrownBy(() -> VideoReaders.open(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "'%s' is no video that FFmpeg reads; give an MP4 or the like, or a folder of PNG"
                + " frames",
            file);
  }

  @Test
  void aVideoThatIsCutShortGivesFewerFramesOrOneLine() throws IOException {
    Path file = record("clip.mp4", 30);
    byte[] bytes = Files.readAllBytes(file);
    for (double share : new double[] {0.3, 0.6, 0.9}) {
      Files.write(file, Arrays.copyOf(bytes, (int) (share * bytes.length)));
      try {
        assertThat(read(file)).hasSizeLessThan(30);
      } catch (IOException e) {
        assertThat(e).message().contains(file.toString()).doesNotContain("\n");
      }
    }
  }

  @Test
  void aFolderWithoutFramesIsNamed() throws IOException {
    Files.writeString(temp.resolve("notes.txt"), "");
    assertThatThrownBy(() -> VideoReaders.open(temp))
        .isInstanceOf(IOException.class)
        .hasMessage("folder '%s' has no .png files; give a video, or a folder of its frames", temp);
  }

  @Test
  void framesOfTwoSizesAreRefused() throws IOException {
    Path folder = record("frames", 1);
    try (FrameSink sink =
        VideoWriters.open(temp.resolve("other") + "/", WIDTH, HEIGHT + 16, 16, Map.of())) {
      sink.write(TestFrames.frame(WIDTH, HEIGHT + 16, 0));
      sink.finish();
    }
    Files.move(temp.resolve("other/frame_00000.png"), folder.resolve("frame_00001.png"));
    try (FrameSource source = VideoReaders.open(folder)) {
      assertThat(source.next()).isNotNull();
      assertThatThrownBy(source::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("frame_00001.png' is 96x96")
          .hasMessageContaining("are 96x80");
    }
  }
}
