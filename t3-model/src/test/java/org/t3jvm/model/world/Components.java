package org.t3jvm.model.world;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Connected pixels of a frame, as lists of their indices; neighbours share an edge. */
final class Components {
  private final int height;
  private final int width;

  Components(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /** All connected areas of the pixels that are {@code in}. */
  List<int[]> of(IntPredicate in) {
    boolean[] seen = new boolean[height * width];
    int[] queue = new int[height * width];
    List<int[]> found = new ArrayList<>();
    for (int start = 0; start < seen.length; start++) {
      if (!seen[start] && in.test(start)) {
        found.add(flood(start, in, seen, queue));
      }
    }
    return found;
  }

  /** The largest of them; empty if there is none. */
  int[] largest(IntPredicate in) {
    int[] largest = {};
    for (int[] each : of(in)) {
      largest = each.length > largest.length ? each : largest;
    }
    return largest;
  }

  private int[] flood(int start, IntPredicate in, boolean[] seen, int[] queue) {
    int end = 0;
    queue[end++] = start;
    seen[start] = true;
    for (int at = 0; at < end; at++) {
      int x = queue[at] % width;
      end = visit(x > 0, queue[at] - 1, in, seen, queue, end);
      end = visit(x < width - 1, queue[at] + 1, in, seen, queue, end);
      end = visit(queue[at] >= width, queue[at] - width, in, seen, queue, end);
      end = visit(queue[at] < (height - 1) * width, queue[at] + width, in, seen, queue, end);
    }
    int[] pixels = new int[end];
    System.arraycopy(queue, 0, pixels, 0, end);
    return pixels;
  }

  private static int visit(
      boolean exists, int pixel, IntPredicate in, boolean[] seen, int[] queue, int end) {
    if (exists && !seen[pixel] && in.test(pixel)) {
      seen[pixel] = true;
      queue[end] = pixel;
      return end + 1;
    }
    return end;
  }

  /** True if the pixels reach the edge of the frame. */
  boolean touchesBorder(int[] pixels) {
    for (int pixel : pixels) {
      int x = pixel % width;
      int y = pixel / width;
      if (x == 0 || y == 0 || x == width - 1 || y == height - 1) {
        return true;
      }
    }
    return false;
  }
}
