package org.t3jvm.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the filter's formula in float64, both axes at once. */
class BilinearResizeTest {
  @ParameterizedTest
  @CsvSource({"12, 17, 5, 6", "9, 8, 20, 23", "7, 7, 7, 7", "10, 30, 4, 31"})
  void isATriangleThatWidens(int height, int width, int newHeight, int newWidth) {
    byte[] rgb = new byte[height * width * 3];
    new Random(5).nextBytes(rgb);
    RgbImage image = new RgbImage(height, width, rgb);
    RgbImage resized = BilinearResize.resize(image, newHeight, newWidth);
    assertThat(resized.height()).isEqualTo(newHeight);
    assertThat(resized.width()).isEqualTo(newWidth);
    for (int i = 0; i < resized.rgb().length; i++) {
      int x = i / 3 % newWidth;
      int y = i / 3 / newWidth;
      double exact = exact(image, y, x, i % 3, newHeight, newWidth);
      // Each of the two passes rounds once, by half a level at most.
      assertThat((double) (resized.rgb()[i] & 0xff)).isBetween(exact - 1.01, exact + 1.01);
    }
  }

  private static double exact(RgbImage from, int y, int x, int colour, int height, int width) {
    double sum = 0;
    double weights = 0;
    for (int sy = 0; sy < from.height(); sy++) {
      for (int sx = 0; sx < from.width(); sx++) {
        double weight = weight(y, sy, height, from.height()) * weight(x, sx, width, from.width());
        sum += weight * (from.rgb()[(sy * from.width() + sx) * 3 + colour] & 0xff);
        weights += weight;
      }
    }
    return sum / weights;
  }

  private static double weight(int to, int from, int size, int fromSize) {
    double scale = (double) fromSize / size;
    double distance = Math.abs((to + 0.5) * scale - (from + 0.5)) / Math.max(1, scale);
    return Math.max(0, 1 - distance);
  }
}
