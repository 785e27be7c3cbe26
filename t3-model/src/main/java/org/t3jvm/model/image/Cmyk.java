package org.t3jvm.model.image;

import java.awt.image.Raster;

/** The four inks of a JPEG to RGB, as upstream's library does it. */
final class Cmyk {
  private static final int YCCK = 2;
  private static final int INKS = 4;

  private Cmyk() {}

  /**
   * The picture of a raster [height, width, 4].
   *
   * @param adobe the transform that the Adobe segment names, which also says that inks are stored
   *     as 255 less their amount; -1 without such a segment
   */
  static RgbImage toRgb(Raster raster, int adobe) {
    int width = raster.getWidth();
    byte[] rgb = new byte[raster.getHeight() * width * RgbImage.COLOURS];
    int[] row = new int[width * INKS];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < row.length; x += INKS) {
        if (adobe == YCCK) {
          toInks(row, x);
        }
        int key = adobe < 0 ? 255 - row[x + 3] : row[x + 3];
        for (int ink = 0; ink < RgbImage.COLOURS; ink++) {
          int amount = adobe < 0 ? row[x + ink] : 255 - row[x + ink];
          rgb[at++] = (byte) (key - product(amount, key));
        }
      }
    }
    return new RgbImage(raster.getHeight(), width, rgb);
  }

  /** Luma and colour differences are those of the inks' opposites. */
  private static void toInks(int[] row, int at) {
    double luma = row[at];
    double blue = row[at + 1] - 128;
    double red = row[at + 2] - 128;
    row[at] = 255 - level(luma + 1.402 * red);
    row[at + 1] = 255 - level(luma - 0.344136 * blue - 0.714136 * red);
    row[at + 2] = 255 - level(luma + 1.772 * blue);
  }

  private static int level(double value) {
    return (int) Math.clamp(Math.round(value), 0, 255);
  }

  /** a * b / 255, rounded. */
  private static int product(int a, int b) {
    int sum = a * b + 128;
    return ((sum >> 8) + sum) >> 8;
  }
}
