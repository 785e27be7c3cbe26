package org.t3jvm.model.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.model.image.RgbImage;

/** Measures of one frame, on frames whose answers are known. */
class FrameMeasuresTest {
  private static final long SEED = 11;
  private static final int HEIGHT = 128;
  private static final int WIDTH = 192;

  private static Plane flat(int height, int width) {
    return Clips.plane(height, width, (y, x) -> 128);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 5, 20})
  void noiseOfKnownVarianceGivesItsPsnr(double sigma) {
    RgbImage clean = Clips.grey(flat(HEIGHT, WIDTH));
    RgbImage noisy = Clips.grey(Clips.plane(HEIGHT, WIDTH, Clips.noise(SEED, sigma)));
    // Rounding to grey levels adds the variance of a uniform error, 1/12.
    double variance = sigma * sigma + 1.0 / 12;
    assertThat(Psnr.decibels(Psnr.meanSquareError(noisy, clean)))
        .as("seed %d", SEED)
        .isCloseTo(10 * Math.log10(255 * 255 / variance), within(0.1));
  }

  @Test
  void framesOfOneLevelMoreHave48Decibels() {
    RgbImage a = Clips.grey(flat(7, 5));
    RgbImage b = Clips.grey(Clips.plane(7, 5, (y, x) -> 129));
    assertThat(Psnr.decibels(Psnr.meanSquareError(a, b))).isCloseTo(48.1308, within(1e-4));
    assertThat(Psnr.decibels(Psnr.meanSquareError(a, a))).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void framesOfAnotherSizeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Psnr.meanSquareError(Clips.grey(flat(4, 6)), Clips.grey(flat(6, 4))))
        .withMessageContaining("6x4 and 4x6");
  }

  @Test
  void similarityIsTheSumsOfItsFormula() {
    Plane a = Clips.plane(13, 15, Clips.waves(SEED));
    Plane b = Clips.plane(13, 15, Clips.noise(SEED, 30));
    assertThat(Ssim.of(a, b, 2)).as("seed %d", SEED).isCloseTo(directSsim(a, b), within(1e-4));
    assertThat(Ssim.of(a, a, 2)).isCloseTo(1, within(1e-6));
  }

  /** Wang's formula as it is written: for each pixel, sums over 121 weighted pixels. */
  private static double directSsim(Plane a, Plane b) {
    double total = 0;
    int count = 0;
    for (int cy = 5; cy < a.height() - 5; cy++) {
      for (int cx = 5; cx < a.width() - 5; cx++) {
        double weights = 0;
        double meanA = 0;
        double meanB = 0;
        for (int i = 0; i < 121; i++) {
          double w = weight(i);
          weights += w;
          meanA += w * a.at(cy + i / 11 - 5, cx + i % 11 - 5);
          meanB += w * b.at(cy + i / 11 - 5, cx + i % 11 - 5);
        }
        meanA /= weights;
        meanB /= weights;
        double varianceA = 0;
        double varianceB = 0;
        double covariance = 0;
        for (int i = 0; i < 121; i++) {
          double w = weight(i) / weights;
          double da = a.at(cy + i / 11 - 5, cx + i % 11 - 5) - meanA;
          double db = b.at(cy + i / 11 - 5, cx + i % 11 - 5) - meanB;
          varianceA += w * da * da;
          varianceB += w * db * db;
          covariance += w * da * db;
        }
        total +=
            (2 * meanA * meanB + 6.5025)
                * (2 * covariance + 58.5225)
                / ((meanA * meanA + meanB * meanB + 6.5025) * (varianceA + varianceB + 58.5225));
        count++;
      }
    }
    return total / count;
  }

  private static double weight(int i) {
    int y = i / 11 - 5;
    int x = i % 11 - 5;
    return Math.exp(-(y * y + x * x) / 4.5);
  }

  @Test
  void octavesOfWhiteNoiseFallByFour() {
    double sigma = 20;
    double expected = 0.75 * sigma * sigma;
    for (double energy : OctaveEnergy.of(Clips.plane(512, 512, Clips.noise(SEED, sigma)))) {
      assertThat(energy).as("seed %d", SEED).isCloseTo(expected, within(0.15 * expected));
      expected /= 4;
    }
  }

  @Test
  void eachSquareHasItsOctave() {
    for (int octave = 1; octave <= OctaveEnergy.OCTAVES; octave++) {
      int side = 1 << (octave - 1);
      Plane squares =
          Clips.plane(64, 96, (y, x) -> 100 + 10 * (((int) y / side + (int) x / side) % 2));
      for (int other = 1; other <= OctaveEnergy.OCTAVES; other++) {
        assertThat(OctaveEnergy.of(squares).get(other - 1))
            .as("octave %d of squares of %d pixels", other, side)
            .isCloseTo(other == octave ? 25 : 0, within(1e-3));
      }
    }
  }

  @Test
  void sharpnessFallsAsAPictureIsSmoothed() {
    Plane noise = Clips.plane(HEIGHT, WIDTH, Clips.noise(SEED, 5));
    // White noise has 1 + 1 + 1 + 1 + 16 times its variance.
    assertThat(Sharpness.of(noise)).as("seed %d", SEED).isCloseTo(20 * 25.0, within(25.0));
    assertThat(Sharpness.of(Smoothing.smooth(noise, Smoothing.gaussian(3, 1), 2))).isLessThan(20);
    assertThat(Sharpness.of(flat(3, 3))).isZero();
    assertThat(Sharpness.of(flat(1, 1))).isZero();
  }

  @Test
  void copiesOfAnObjectRaiseRepetition() {
    Plane ground = Clips.plane(HEIGHT, WIDTH, Clips.noise(SEED, 3));
    double none = Repetition.of(ground);
    double one = Repetition.of(withObject(ground, 40, 50));
    Plane two = withObject(withObject(ground, 20, 20), 50, 100);
    Plane tiled = ground;
    for (int y = 10; y + 24 <= HEIGHT; y += 32) {
      for (int x = 10; x + 24 <= WIDTH; x += 48) {
        tiled = withObject(tiled, y, x);
      }
    }
    assertThat(one).as("one object, seed %d", SEED).isLessThan(0.35);
    assertThat(none).as("noise").isLessThan(0.35);
    assertThat(Repetition.of(two)).as("two").isGreaterThan(one + 0.1);
    assertThat(Repetition.of(tiled)).as("tiled").isGreaterThan(0.9);
    assertThat(Repetition.of(flat(HEIGHT, WIDTH))).isZero();
    assertThat(Repetition.of(flat(1, 1))).isZero();
  }

  /** A round thing of stripes and spots. */
  private static Plane withObject(Plane ground, int top, int left) {
    return Clips.plane(
        ground.height(),
        ground.width(),
        (y, x) -> {
          double dy = y - top - 12;
          double dx = x - left - 12;
          double angle = Math.atan2(dy, dx);
          return dy * dy + dx * dx > 144
              ? ground.at((int) y, (int) x)
              : 128 + 60 * Math.sin(3 * angle + dx / 3) + 5 * dy;
        });
  }
}
