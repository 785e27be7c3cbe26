package org.t3jvm.model.image;

import java.util.Optional;

/**
 * How a stored picture is to be turned to be shown: the eight ways of EXIF, in the order of their
 * numbers from 1 on. A stored pixel at (x, y) is shown at {@code (a x + c y, b x + d y)}, shifted
 * into the picture.
 */
public enum Orientation {
  AS_STORED(1, 0, 0, 1),
  MIRRORED(-1, 0, 0, 1),
  TURNED_180(-1, 0, 0, -1),
  FLIPPED(1, 0, 0, -1),
  TRANSPOSED(0, 1, 1, 0),
  TURNED_90(0, 1, -1, 0),
  TRANSVERSED(0, -1, -1, 0),
  TURNED_270(0, -1, 1, 0);

  private final int a;
  private final int b;
  private final int c;
  private final int d;

  Orientation(int a, int b, int c, int d) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** The way of an EXIF number; as stored if there is no such number. */
  public static Orientation ofExif(int number) {
    return number < 1 || number > values().length ? AS_STORED : values()[number - 1];
  }

  /** The way of a matrix {@code {a, b, c, d}} of -1, 0 and 1; none if it is none of the eight. */
  public static Optional<Orientation> ofMatrix(int[] matrix) {
    for (Orientation way : values()) {
      if (way.a == matrix[0] && way.b == matrix[1] && way.c == matrix[2] && way.d == matrix[3]) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  /** The picture as it is to be shown. */
  public RgbImage turn(RgbImage stored) {
    if (this == AS_STORED) {
      return stored;
    }
    int height = a == 0 ? stored.width() : stored.height();
    int width = a == 0 ? stored.height() : stored.width();
    int left = a < 0 || c < 0 ? width - 1 : 0;
    int top = b < 0 || d < 0 ? height - 1 : 0;
    byte[] from = stored.rgb();
    byte[] to = new byte[from.length];
    int at = 0;
    for (int y = 0; y < stored.height(); y++) {
      for (int x = 0; x < stored.width(); x++) {
        int target = ((top + b * x + d * y) * width + left + a * x + c * y) * RgbImage.COLOURS;
        to[target] = from[at++];
        to[target + 1] = from[at++];
        to[target + 2] = from[at++];
      }
    }
    return new RgbImage(height, width, to);
  }
}
