package org.t3jvm.model.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of PNG frames read back by ImageIO. */
class PngSequenceWriterTest {
  private static final int WIDTH = 37;
  private static final int HEIGHT = 21;

  @TempDir Path temp;

  @Test
  void framesComeBackExactly() throws IOException {
    Path folder = temp.resolve("frames");
    record(folder, 3);
    assertThat(TestFrames.names(folder))
        .containsExactly("frame_00000.png", "frame_00001.png", "frame_00002.png");
    for (int t = 0; t < 3; t++) {
      BufferedImage image = ImageIO.read(folder.resolve("frame_0000%d.png".formatted(t)).toFile());
      byte[] rgb = TestFrames.frame(WIDTH, HEIGHT, t);
      assertThat(image.getWidth()).isEqualTo(WIDTH);
      assertThat(image.getHeight()).isEqualTo(HEIGHT);
      for (int i = 0; i < WIDTH * HEIGHT; i++) {
        int expected =
            (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
        assertThat(image.getRGB(i % WIDTH, i / WIDTH) & 0xFFFFFF)
            .as("frame %d, pixel %d", t, i)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void closingWithoutFinishLeavesNothing() throws IOException {
    Path folder = temp.resolve("frames");
    try (FrameSink sink = new PngSequenceWriter(folder, WIDTH, HEIGHT, Map.of())) {
      sink.write(TestFrames.frame(WIDTH, HEIGHT, 0));
      assertThat(folder).doesNotExist();
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void anEmptyFolderIsFilled() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("frames"));
    record(folder, 1);
    assertThat(TestFrames.names(folder)).containsExactly("frame_00000.png");
    assertThat(TestFrames.names(temp)).containsExactly("frames");
  }

  @Test
  void earlierFramesAreReplacedAtFinishOnly() throws IOException {
    Path folder = temp.resolve("frames");
    record(folder, 4);
    try (FrameSink sink = new PngSequenceWriter(folder, WIDTH, HEIGHT, Map.of())) {
      sink.write(TestFrames.frame(WIDTH, HEIGHT, 0));
    }
    assertThat(TestFrames.names(folder)).hasSize(4);
    record(folder, 2);
    assertThat(TestFrames.names(folder)).containsExactly("frame_00000.png", "frame_00001.png");
    assertThat(TestFrames.names(temp)).containsExactly("frames");
  }

  @Test
  void aFolderWithOtherFilesIsRefusedAndUntouched() throws IOException {
    Path folder = temp.resolve("frames");
    record(folder, 1);
    Files.writeString(folder.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> new PngSequenceWriter(folder, WIDTH, HEIGHT, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder + ": cannot be written, the folder holds other files")
        .hasMessageContaining("notes.txt");
    assertThat(TestFrames.names(folder)).containsExactly("frame_00000.png", "notes.txt");
    assertThat(TestFrames.names(temp)).containsExactly("frames");
  }

  @Test
  void aFileAddedMeanwhileIsNotLost() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("frames"));
    try (FrameSink sink = new PngSequenceWriter(folder, WIDTH, HEIGHT, Map.of())) {
      sink.write(TestFrames.frame(WIDTH, HEIGHT, 0));
      Files.writeString(folder.resolve("notes.txt"), "mine");
      assertThatThrownBy(sink::finish)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("notes.txt");
    }
    assertThat(TestFrames.names(temp)).containsExactly("frames");
    assertThat(TestFrames.names(folder)).containsExactly("notes.txt");
  }

  @Test
  void aFileInTheWayIsRefused() throws IOException {
    Path file = Files.writeString(temp.resolve("frames"), "");
    assertThatThrownBy(() -> new PngSequenceWriter(file, WIDTH, HEIGHT, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": cannot be written, it is a file, not a folder");
  }

  @Test
  void aMissingParentIsNamed() {
    Path folder = temp.resolve("missing/frames");
    assertThatThrownBy(() -> new PngSequenceWriter(folder, WIDTH, HEIGHT, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no folder " + temp.resolve("missing"));
  }

  @Test
  void theNameChoosesTheWriter() throws IOException {
    Path movie = temp.resolve("a.MP4");
    Path folder = Files.createDirectory(temp.resolve("b.mp4"));
    try (FrameSink mp4 = VideoWriters.open(movie, 32, 32, 30, Map.of());
        FrameSink existing = VideoWriters.open(folder, 32, 32, 30, Map.of());
        FrameSink named = VideoWriters.open(temp + "/new/", 32, 32, 30, Map.of())) {
      assertThat(mp4).isInstanceOf(Mp4Writer.class);
      assertThat(existing).isInstanceOf(PngSequenceWriter.class);
      assertThat(named).isInstanceOf(PngSequenceWriter.class);
    }
    assertThatThrownBy(() -> VideoWriters.open(temp.resolve("a.avi"), 32, 32, 30, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.avi")
        .hasMessageContaining(".mp4")
        .hasMessageContaining("PNG");
  }

  private static void record(Path folder, int count) throws IOException {
    try (FrameSink sink = new PngSequenceWriter(folder, WIDTH, HEIGHT, Map.of())) {
      for (int t = 0; t < count; t++) {
        sink.write(TestFrames.frame(WIDTH, HEIGHT, t));
      }
      sink.finish();
    }
  }
}
