package org.t3jvm.tensor.graph;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The windows along one axis of a token grid (SPEC 5). Their sizes differ by one at most: where the
 * count does not divide the extent, some hold one coordinate more.
 *
 * @param extent coordinates of the axis, X
 * @param count windows, n, at most X
 * @param dilated whether window i holds the coordinates {@code x mod n == i} (remote); else those
 *     from {@code i*X/n} to before {@code (i+1)*X/n}, rounded down (close)
 */
public record WindowAxis(int extent, int count, boolean dilated) {
  /** The first coordinate of a window. */
  public int start(int window) {
    return dilated ? window : (int) ((long) window * extent / count);
  }

  /** How many coordinates a window has. */
  public int size(int window) {
    return dilated
        ? Math.ceilDiv(extent - window, count)
        : (int) ((window + 1L) * extent / count) - start(window);
  }

  /** The coordinates of every window, in order. */
  List<RowBox.Span> windows() {
    return IntStream.range(0, count)
        .mapToObj(window -> new RowBox.Span(start(window), size(window), stride()))
        .toList();
  }

  /** Distance of a window's coordinates. */
  public int stride() {
    return dilated ? count : 1;
  }
}
