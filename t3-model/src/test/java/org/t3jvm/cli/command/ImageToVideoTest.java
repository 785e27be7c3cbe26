package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;

/** {@code t3 generate --image} as a user runs it, on a tiny model of Wan2.2-TI2V's structure. */
class ImageToVideoTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path shared;

  private static Path model = Path.of("");

  @TempDir Path dir;

  private record Result(int status, String err) {}

  private static Result t3(String... args) {
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), args);
    return new Result(status, err.toString().strip());
  }

  @BeforeAll
  static void makeModel() {
    model = shared.resolve("tiny-ti2v");
    Result made = t3("make-tiny-model", model.toString(), "--kind", "ti2v");
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(model.resolve("Wan2.2_VAE.pth")).isRegularFile();
  }

  private static Result generate(Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--quiet", "--prompt", "a red ball"));
    args.addAll(List.of("--height", "64", "--width", "96", "--frames", "5", "--steps", "2"));
    args.addAll(List.of("--attention", "full", "--out", out + "/"));
    args.addAll(List.of(more));
    return t3(args.toArray(String[]::new));
  }

  private Path image(String name, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(50, 40, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 50 * 40; i++) {
      image.setRGB(i % 50, i / 50, i % 50 < 25 ? rgb : 0xFFFFFF);
    }
    Path file = dir.resolve(name);
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    return file;
  }

  private byte[] lastFrame(String out, String... more) throws IOException {
    Path folder = dir.resolve(out);
    List<String> args = new ArrayList<>(List.of("--model", model.toString()));
    args.addAll(List.of(more));
    Result result = generate(folder, args.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(folder.resolve("frame_00005.png")).doesNotExist();
    BufferedImage first = ImageIO.read(folder.resolve("frame_00000.png").toFile());
    assertThat(first.getWidth()).isEqualTo(96);
    assertThat(first.getHeight()).isEqualTo(64);
    return Files.readAllBytes(folder.resolve("frame_00004.png"));
  }

  @Test
  void theImageDecidesTheVideo() throws IOException {
    String file = image("red.png", 0xFF0000).toString();
    byte[] red = lastFrame("red", "--image", file, "--threads", "3");
    byte[] again = lastFrame("again", "--image", file, "--threads", "1");
    byte[] blue = lastFrame("blue", "--image", image("blue.png", 0x0000FF).toString());
    byte[] none = lastFrame("none");
    assertThat(again).as("whatever the number of threads").isEqualTo(red);
    assertThat(blue).isNotEqualTo(red);
    assertThat(none).isNotEqualTo(red);
  }

  @Test
  void aModelThatMakesVideosFromTextAloneSaysSo() throws IOException {
    Path out = dir.resolve("out");
    Result result = generate(out, "--image", image("red.png", 0xFF0000).toString());
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "t3: --image needs a model that starts from images, such as Wan2.2-TI2V-5B; this one"
                + " makes videos from text alone");
    assertThat(out).doesNotExist();
  }

  @Test
  void aFileThatIsNoImageFailsInOneLine() throws IOException {
    Path text = Files.writeString(dir.resolve("notes.txt"), "no image");
    Path out = dir.resolve("out");
    Result result = generate(out, "--model", model.toString(), "--image", text.toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("t3: '" + text + "' is no image; give a PNG, JPEG or WebP file");
    Path none = dir.resolve("none.png");
    Result missing = generate(out, "--model", model.toString(), "--image", none.toString());
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.err()).isEqualTo("t3: '" + none + "' does not exist");
    assertThat(out).doesNotExist();
  }
}
