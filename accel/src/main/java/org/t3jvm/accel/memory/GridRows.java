package org.t3jvm.accel.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a grid that follow each other and are a grid themselves: whole frames, whole lines of a
 * frame, or part of a line.
 *
 * @param row the first, counted from the first of all that were divided
 * @param t its coordinates in the whole grid, and h and w
 * @param frames extents of this grid, and lines and columns
 */
public record GridRows(long row, int t, int h, int w, int frames, int lines, int columns) {
  /** How many they are. */
  public int rows() {
    return frames * lines * columns;
  }

  /**
   * Rows of a grid, at most five grids.
   *
   * @param from the first
   * @param height lines of a frame, and width rows of a line
   */
  public static List<GridRows> of(long from, long count, int height, int width) {
    List<GridRows> grids = new ArrayList<>();
    long frame = (long) height * width;
    for (long done = 0; done < count; done += grids.getLast().rows()) {
      long at = from + done;
      int t = (int) (at / frame);
      int h = (int) (at % frame / width);
      int w = (int) (at % width);
      long left = count - done;
      if (at % frame == 0 && left >= frame) {
        grids.add(new GridRows(done, t, 0, 0, (int) (left / frame), height, width));
      } else if (w == 0 && left >= width) {
        int lines = (int) Math.min(left / width, height - h);
        grids.add(new GridRows(done, t, h, 0, 1, lines, width));
      } else {
        grids.add(new GridRows(done, t, h, w, 1, 1, (int) Math.min(left, width - w)));
      }
    }
    return grids;
  }
}
