package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.cli.Main;

/** Videos of any size from the embedded model, as a user asks for them. */
class VideoSizesTest {
  @TempDir Path dir;

  private record Result(int status, String err) {}

  private static Result generate(String options, Path out) {
    List<String> args =
        new ArrayList<>(List.of("generate", "--prompt", "a red ball", "--steps", "1"));
    args.addAll(Arrays.asList(options.strip().split(" ", -1)));
    args.addAll(List.of("--out", out.toString() + (out.toString().endsWith(".mp4") ? "" : "/")));
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            args.toArray(String[]::new));
    return new Result(status, err.toString());
  }

  private static BufferedImage frame(Path folder, int index) throws IOException {
    return ImageIO.read(folder.resolve("frame_%05d.png".formatted(index)).toFile());
  }

  private static long images(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".png")).count();
    }
  }

  /** Without {@code --windows}, and windows that do not divide the grid with it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--height 96 --width 48 --frames 9 | 48x96, | T3 windows 3,1,1;1,1,1;",
        "--height 48 --width 48 --frames 5 | 48x48, | T3 windows 2,1,1;",
        "--height 80 --width 112 --frames 1 | 112x80, | T3 windows 1,1,1;",
        "--height 16 --width 16 --frames 241 | 16x16, | T3 windows 61,1,1;",
        "--height 33 --width 70 --frames 1 | 70x33 cropped from 80x48, | T3 windows 1,1,1;",
        "--aspect 9:16 --height 96 --frames 1 | 54x96 cropped from 64x96, | T3 windows 1,1,1;",
        "--aspect 2.4:1 --width 96 --frames 1 | 96x40 cropped from 96x48, | T3 windows 1,1,1;",
        "--aspect 1:1 --width 64 --frames 1 --attention full | 64x64, | full attention",
        "--height 80 --width 112 --frames 5 --windows 2,2,3;1,4,2 | 112x80 | T3 windows"
            + " 2,2,3;1,4,2,"
      })
  void everySizeIsMadeAndSaid(String options, String size, String windows) throws IOException {
    Path folder = dir.resolve("frames");
    Result result = generate(options, folder);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains(size, windows);
    List<String> given = Arrays.asList(options.strip().split(" ", -1));
    int frames =
        Integer.parseInt(
            given.contains("--frames") ? given.get(given.indexOf("--frames") + 1) : "21");
    assertThat(images(folder)).isEqualTo(frames);
    BufferedImage last = frame(folder, frames - 1);
    assertThat(size).startsWith(last.getWidth() + "x" + last.getHeight());
  }

  @Test
  void croppedFramesAreTheMiddleOfThoseComputed() throws IOException {
    Path whole = dir.resolve("whole");
    Path middle = dir.resolve("middle");
    assertThat(generate("--height 64 --width 96 --frames 5", whole).status()).isZero();
    assertThat(generate("--height 51 --width 90 --frames 5", middle).status()).isZero();
    for (int t = 0; t < 5; t++) {
      BufferedImage from = frame(whole, t);
      BufferedImage to = frame(middle, t);
      assertThat(new int[] {to.getWidth(), to.getHeight()}).containsExactly(90, 51);
      assertThat(to.getRGB(0, 0, 90, 51, null, 0, 90))
          .as("frame %d", t)
          .isEqualTo(from.getRGB(3, 6, 90, 51, null, 0, 90));
    }
  }

  @Test
  void oneFrameIsAVideoToo() throws Exception {
    Path out = dir.resolve("image.mp4");
    Result result = generate("--aspect 16:9 --height 90 --frames 1", out);
    assertThat(result.status()).as(result.err()).isZero();
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(out.toFile())) {
      grabber.start();
      assertThat(grabber.getImageWidth()).isEqualTo(160);
      assertThat(grabber.getImageHeight()).isEqualTo(90);
      assertThat(grabber.grabImage()).isNotNull();
      assertThat(grabber.grabImage()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--height 51 --width 90 | takes even sizes",
        "--aspect 16:9 | --aspect 16:9 takes the place of one side; give either --height or"
            + " --width",
        "--aspect 16:9 --height 90 --width 160 | --aspect 16:9 takes the place of one side",
        "--aspect 16x9 --height 90 | --aspect is '16x9', must be width:height, such as 16:9",
        "--aspect 16:0 --height 90 | --aspect is '16:0', must be width:height",
        "--aspect 16:-9 --height 90 | --aspect is '16:-9', must be width:height",
        "--aspect 1000:1 --height 90 | --width is 90000, must be from 1 to 16384 pixels",
        "--aspect 999999999:1 --height 2147483647 | --height is 2147483647, must be from 1",
        "--height -5 | --height is -5, must be from 1 to 16384 pixels"
      })
  void sizesThatCannotBeAreRefused(String options, String expected) {
    Path out = dir.resolve("out.mp4");
    Result result = generate("--quiet " + options.strip(), out);
    assertThat(result.err().strip().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).startsWith("t3: ").contains(expected.strip());
    assertThat(result.status()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }
}
