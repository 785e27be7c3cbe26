package org.t3jvm.model.vae.tile;

import java.util.Arrays;

/**
 * How much each value of a tile counts where it overlaps others (SPEC 8): the smaller of a weight
 * for its row and one for its column.
 */
@SuppressWarnings("ArrayRecordComponent")
public record TileMask(float[] rows, float[] columns) {
  /**
   * Weights along an axis: 1, but rising over {@code border} values from an end where other tiles
   * overlap.
   *
   * @param low whether the first value lies at the plane's edge
   * @param high whether the last one does
   */
  public static float[] ramp(int length, int border, boolean low, boolean high) {
    float[] weights = new float[length];
    Arrays.fill(weights, 1);
    for (int i = 0; i < border && !low; i++) {
      weights[i] = (i + 1f) / border;
    }
    for (int i = 0; i < border && !high; i++) {
      weights[length - 1 - i] = (i + 1f) / border;
    }
    return weights;
  }

  public float at(int row, int column) {
    return Math.min(rows[row], columns[column]);
  }
}
