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
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.cli.Main;

/** Previews and sweeps on the embedded model, as a user asks for them. */
class PreviewCommandTest {
  @TempDir Path dir;

  private record Result(int status, String err) {}

  /** 32x48 with two latent frames, in four steps. */
  private Result generate(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--prompt", "a red ball"));
    args.addAll(List.of("--attention", "full", "--height", "32", "--width", "48"));
    args.addAll(List.of("--frames", "5", "--steps", "4", "--out", dir.resolve(out).toString()));
    args.addAll(List.of(more));
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            args.toArray(String[]::new));
    return new Result(status, err.toString());
  }

  private BufferedImage png(String name) throws IOException {
    return ImageIO.read(dir.resolve(name).toFile());
  }

  private static int[] pixels(BufferedImage image, int x, int y, int width, int height) {
    return image.getRGB(x, y, width, height, null, 0, width);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void previewsChangeNoBit() throws IOException {
    assertThat(generate("plain.mp4").status()).isZero();
    Result shown = generate("shown.mp4", "--preview", "2");
    assertThat(shown.status()).as(shown.err()).isZero();
    assertThat(Files.readAllBytes(dir.resolve("shown.mp4")))
        .isEqualTo(Files.readAllBytes(dir.resolve("plain.mp4")));
    assertThat(names())
        .containsExactly("plain.mp4", "shown.mp4", "shown.preview.mp4", "shown.preview.png");
    BufferedImage strip = png("shown.preview.png");
    assertThat(strip.getHeight()).isBetween(240, 480);
    assertThat(strip.getWidth())
        .as("two latent frames and a gap")
        .isEqualTo(strip.getHeight() * 3 + 8);
  }

  @Test
  void aPreviewThatCannotBeWrittenIsOneWarning() throws IOException {
    Files.createDirectories(dir.resolve("a.preview.png").resolve("taken"));
    Result result = generate("a.mp4", "--quiet", "--preview", "1");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err().strip().lines())
        .singleElement()
        .asString()
        .contains("no preview, the video is made all the same", "a.preview.png", "it is a folder");
    assertThat(dir.resolve("a.mp4")).isNotEmptyFile();
  }

  @Test
  void aSweepShowsWhatTheSingleRunsDo() throws IOException {
    Result one = generate("one.mp4", "--preview-only", "--preview", "2", "--seed", "6");
    assertThat(one.status()).as(one.err()).isZero();
    assertThat(one.err()).contains("one.preview.mp4", "step 2 of 4").doesNotContain("decode step");
    Result sweep =
        generate("all.mp4", "--preview-only", "--preview", "2", "--sweep", "seed=5..6,5");
    assertThat(sweep.status()).as(sweep.err()).isZero();
    assertThat(sweep.err()).contains("[2 of 3] seed 6", "all.png (3 pictures)");
    assertThat(sweep.err().lines().filter(line -> line.startsWith("text ")))
        .as("the prompts are encoded once")
        .hasSizeBetween(1, 2);
    assertThat(names()).containsExactly("all.png", "one.preview.mp4", "one.preview.png");
    BufferedImage strip = png("one.preview.png");
    int height = strip.getHeight();
    int width = (strip.getWidth() - 8) / 2;
    BufferedImage sheet = png("all.png");
    int top = sheet.getHeight() - 2 * (height + 30 + 8);
    assertThat(top).as("the heading has the prompt and the settings").isGreaterThan(8 + 2 * 20 - 1);
    int[] seed5 = pixels(sheet, 8, top, width, height);
    int[] seed6 = pixels(sheet, 16 + width, top, width, height);
    int[] again = pixels(sheet, 8, top + height + 30 + 8, width, height);
    assertThat(seed6).isEqualTo(pixels(strip, width + 8, 0, width, height)).isNotEqualTo(seed5);
    assertThat(again).isEqualTo(seed5);
  }

  @Test
  void otherSettingsAreSwept() throws IOException {
    Result result = generate("s.mp4", "--preview-only", "--sweep", "cfg=1,3.5", "--seed", "1");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains("cfg 3.5", "step 1 of 4");
    assertThat(names()).containsExactly("s.png");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--preview 0 | --preview is 0, must be from 1 to the 4 steps",
        "--preview 5 --preview-only | --preview is 5, must be from 1 to the 4 steps",
        "--sweep seed=1 | --sweep makes a contact sheet of previews: add --preview-only",
        "--preview-only --sweep seeds=1 | must be like seed=0..7",
        "--preview-only --sweep seed=1,,2 | '' is no value of seed",
        "--preview-only --sweep seed=1.5 | '1.5' is no value of seed",
        "--preview-only --sweep seed=4..1 | the range 4..1 runs backwards",
        "--preview-only --sweep seed=0..64 | more than 64 values",
        "--preview-only --sweep shift=3,0 | --sweep, shift 0: --shift is 0.0",
        "--preview-only --sweep cfg=nan | 'nan' is no value of cfg"
      })
  void wrongUsageIsOneLine(String options, String expected) throws IOException {
    List<String> more = new ArrayList<>(List.of(options.strip().split(" ")));
    more.add("--quiet");
    Result result = generate("wrong.mp4", more.toArray(String[]::new));
    assertThat(result.err().strip().lines()).singleElement().asString().contains(expected.strip());
    assertThat(result.status()).isEqualTo(2);
    assertThat(names()).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereIsToldBeforeAnythingIsComputed() {
    Result result = generate("nowhere/x.mp4", "--preview-only", "--sweep", "seed=0..1");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("there is no folder").doesNotContain("[1 of 2]");
  }
}
