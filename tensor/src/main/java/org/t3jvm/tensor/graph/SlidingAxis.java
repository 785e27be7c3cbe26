package org.t3jvm.tensor.graph;

/**
 * Windows along one axis of a token grid that are centred on each coordinate and moved inward at
 * the edges, so that all have one size (SPEC 20.2).
 *
 * @param extent coordinates of the axis
 * @param reach coordinates on either side of the centre, dh or dw
 */
public record SlidingAxis(int extent, int reach) {
  /** How many coordinates a window has: {@code 2 reach + 1}, or all. */
  public int size() {
    return (int) Math.min(2L * reach + 1, extent);
  }

  /** The first coordinate of the window of {@code centre}; it never falls as the centre rises. */
  public int start(int centre) {
    return Math.clamp((long) centre - reach, 0, extent - size());
  }

  /** Whether the window that starts at {@code start} has all of some coordinates. */
  public boolean holds(int start, RowBox.Span coordinates) {
    return start <= coordinates.start() && coordinates.last() < start + size();
  }

  /** The coordinates of all windows of some centres, which lie next to each other. */
  RowBox.Span around(RowBox.Span centres) {
    int start = start(centres.start());
    return new RowBox.Span(start, start(centres.last()) + size() - start, 1);
  }

  /** The centres of all windows that some coordinates lie in; both lie next to each other. */
  RowBox.Span centres(RowBox.Span coordinates) {
    int first = coordinates.start() < size() ? 0 : coordinates.start() - (size() - 1 - reach);
    int last = coordinates.last() >= extent - size() ? extent - 1 : coordinates.last() + reach;
    return new RowBox.Span(first, last + 1 - first, 1);
  }
}
