package org.t3jvm.model.measure;

/**
 * Where the pixels of one frame lie in another, in pixels.
 *
 * @param down [H, W], how far below their own row
 * @param right [H, W], how far right of their own column
 */
public record Flow(Plane down, Plane right) {
  /** Mean length of the vectors, in pixels. */
  public double meanLength() {
    int width = down.width();
    return Plane.sumOfRows(
            0,
            down.height(),
            y -> {
              double row = 0;
              for (int i = y * width; i < (y + 1) * width; i++) {
                row += Math.hypot(down.values()[i], right.values()[i]);
              }
              return row;
            })
        / down.values().length;
  }
}
