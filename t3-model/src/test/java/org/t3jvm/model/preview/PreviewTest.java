package org.t3jvm.model.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.event.Pictures;
import org.t3jvm.event.RunEvent;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

class PreviewTest {
  private static final long SEED = 11;
  private static final Shape SHAPE = Shape.of(4, 3, 2, 5);

  @TempDir Path dir;

  private static Tensor normal(Random random) {
    float[] values = new float[(int) SHAPE.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(SHAPE, values);
  }

  /**
   * Latents of channel c all (c + 1) / C; the colours were added up from the published tables by
   * another program.
   */
  @ParameterizedTest
  @CsvSource({
    "16, 0.143169, 0.538563, 0.443844",
    "48, -0.37351, -0.337662, 0.145306",
    "4, 0.125, 0.25, 0.375",
    "2, 0.25, 0.5, 0"
  })
  void colours(int channels, double red, double green, double blue) {
    float[] values = new float[channels * 6];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (i / 6 + 1) / channels;
    }
    Tensor pixels =
        LatentRgb.of(channels).project(Tensor.ofFloats(Shape.of(channels, 1, 2, 3), values));
    assertThat(pixels.shape()).isEqualTo(Shape.of(1, 2, 3, 3));
    float[] rgb = pixels.toFloats();
    for (int p = 0; p < 6; p++) {
      assertThat((double) rgb[3 * p]).isCloseTo(red, within(1e-5));
      assertThat((double) rgb[3 * p + 1]).isCloseTo(green, within(1e-5));
      assertThat((double) rgb[3 * p + 2]).isCloseTo(blue, within(1e-5));
    }
  }

  /** With the velocity of the straight path from clean to noise, the prediction is exact. */
  @ParameterizedTest
  @CsvSource({"0.9, 1", "0.9, 5", "0.1, 3"})
  void cleanLatentsAreFoundBehindNoise(float sigma, float guidance) {
    Random random = new Random(SEED);
    float[] clean = normal(random).toFloats();
    float[] noise = normal(random).toFloats();
    float[] negative = normal(random).toFloats();
    float[] latents = new float[clean.length];
    float[] positive = new float[clean.length];
    for (int i = 0; i < clean.length; i++) {
      latents[i] = (1 - sigma) * clean[i] + sigma * noise[i];
      float velocity = noise[i] - clean[i];
      positive[i] = negative[i] + (velocity - negative[i]) / guidance;
    }
    float[] found =
        CleanLatents.of(
                Tensor.ofFloats(SHAPE, latents),
                Tensor.ofFloats(SHAPE, positive),
                guidance == 1 ? null : Tensor.ofFloats(SHAPE, negative),
                guidance,
                sigma,
                true)
            .toFloats();
    for (int i = 0; i < clean.length; i++) {
      boolean first = i / 10 % 3 == 0;
      assertThat((double) found[i])
          .as("seed %d, element %d", SEED, i)
          .isCloseTo(first ? latents[i] : clean[i], within(1e-5));
    }
  }

  @Test
  void everySoManyStepsAndOneWarningOfAll() {
    List<Integer> shown = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Random random = new Random(SEED);
    Tensor latents = normal(random);
    int[] now = new int[1];
    PreviewWriter preview =
        new PreviewWriter(
            2,
            pictures -> {
              assertThat(pictures.frames()).hasSize(3);
              shown.add(now[0]);
              throw new IOException("the disk is full");
            },
            warnings::add);
    for (int step = 0; step < 4; step++) {
      now[0] = step;
      preview.accept(
          new RunEvent.Preview(
              step,
              () ->
                  Preview.of(
                      latents,
                      new CachedModel.Sides(latents, null),
                      1,
                      0.5f,
                      false,
                      Preview::projected)));
    }
    assertThat(shown).containsExactly(1, 3);
    assertThat(warnings)
        .containsExactly("no preview, the video is made all the same: the disk is full");
  }

  @ParameterizedTest
  @CsvSource({
    "fox.mp4, fox.preview.mp4",
    "fox.tar.mp4, fox.tar.preview.mp4",
    "fox/, fox.preview.mp4",
    "f.ox/, f.ox.preview.mp4",
    "fox, fox.preview.mp4"
  })
  void filesAreNamedAfterTheOutput(String out, String name) {
    assertThat(new PreviewFiles(dir + "/" + out, 16).video()).isEqualTo(dir.resolve(name));
  }

  @Test
  void odderSizesBecomeEvenAndLarge() throws IOException {
    byte[] frame = new byte[3 * 81 * 83];
    frame[3 * 83 + 2] = (byte) 200;
    Pictures pictures = Preview.enlarged(new byte[][] {frame, frame.clone(), frame}, 81, 83);
    assertThat(pictures.height()).as("3 would do, but is odd").isEqualTo(4 * 81);
    assertThat(pictures.width()).isEqualTo(4 * 83);
    PreviewFiles files = new PreviewFiles(dir.resolve("x.mp4").toString(), 16);
    files.show(pictures);
    assertThat(Files.size(files.video())).isPositive();
    BufferedImage middle = pictures.middle();
    assertThat(middle.getRGB(3, 7) & 0xffffff).as("pixel (0, 1), blue").isEqualTo(200);
    assertThat(middle.getRGB(4, 7) & 0xffffff).isZero();
    assertThat(middle.getRGB(3, 8) & 0xffffff).isZero();
    BufferedImage strip = pictures.strip(2);
    assertThat(strip.getWidth()).as("two pictures and a gap").isEqualTo(2 * 4 * 83 + 8);
    for (int x = 4 * 83; x < 4 * 83 + 8; x++) {
      assertThat(strip.getRGB(x, 100) & 0xffffff).as("the gap, column %d", x).isEqualTo(0x202020);
    }
    assertThat(strip.getRGB(4 * 83 + 8, 0) & 0xffffff).as("the second picture").isZero();
  }

  @Test
  void labelsOfACellStayInItAndDiffer() {
    BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    ContactSheet sheet =
        new ContactSheet(List.of(), List.of("seed 0", "seed 1", "seed 88888888", "shift 3"));
    sheet.add(picture);
    BufferedImage image = sheet.image();
    assertThat(image.getWidth()).isEqualTo(2 * 48 + 8);
    assertThat(image.getHeight()).isEqualTo(2 * 68 + 8);
    assertThat(image.getRGB(9, 9) & 0xffffff).as("the picture").isZero();
    assertThat(image.getRGB(60, 9) & 0xffffff).as("to come").isEqualTo(0x606060);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 48; x < 56; x++) {
        assertThat(image.getRGB(x, y) & 0xffffff).as("the margin between").isEqualTo(0x202020);
      }
    }
  }

  /** White pixels in rows [from, end) of an image. */
  private static long ink(BufferedImage image, int from, int end) {
    int[] pixels = image.getRGB(0, from, image.getWidth(), end - from, null, 0, image.getWidth());
    return Arrays.stream(pixels).filter(pixel -> (pixel & 0xffffff) == 0xffffff).count();
  }

  @Test
  void theHeadingIsAboveThePicturesInLines() {
    BufferedImage picture = new BufferedImage(250, 30, BufferedImage.TYPE_INT_RGB);
    ContactSheet sheet =
        new ContactSheet(
            List.of("A red ball rolls over green grass, slowly", "cfg 5"), List.of("seed 0"));
    sheet.add(picture);
    BufferedImage image = sheet.image();
    int line = 20;
    assertThat(image.getHeight()).as("four lines").isEqualTo(8 + 4 * line + 30 + 30 + 8);
    for (int i = 0; i < 4; i++) {
      assertThat(ink(image, 8 + i * line, 8 + i * line + 14)).as("line %d", i).isPositive();
      assertThat(ink(image, 8 + i * line + 14, 8 + (i + 1) * line)).as("below it").isZero();
    }
    assertThat(ink(image, 8 + 4 * line, 8 + 4 * line + 30)).as("the picture").isZero();
    assertThat(PixelText.wrap("A red ball rolls over green grass, slowly", 250, 4))
        .containsExactly("A red ball rolls", "over green grass,", "slowly");
    assertThat(PixelText.wrap("A red ball rolls over green grass, slowly", 250, 2))
        .containsExactly("A red ball rolls", "over green grass,...");
    assertThat(PixelText.wrap("x".repeat(30), 120, 9))
        .containsExactly("x".repeat(10), "x".repeat(10), "x".repeat(10));
  }

  /** Every letter has a form of its own, and what is no ASCII shows as a frame. */
  @Test
  void lettersDiffer() {
    Set<List<Integer>> forms = new HashSet<>();
    String letters =
        IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).collect(Collectors.joining());
    for (char letter : (letters + "\u72d0").toCharArray()) {
      BufferedImage image = new BufferedImage(10, 14, BufferedImage.TYPE_INT_RGB);
      PixelText.draw(String.valueOf(letter), image, 0, 0, 10, 0xffffff);
      forms.add(Arrays.stream(image.getRGB(0, 0, 10, 14, null, 0, 10)).boxed().toList());
    }
    assertThat(forms).hasSize(letters.length() + 1);
  }
}
