package org.t3jvm.tensor.graph;

/**
 * Rows of some tokens of a grid: those with certain coordinates along each axis. They are numbered
 * with w fastest, and rise where their spans do.
 *
 * @param height extent of the grid along h
 * @param width extent of the grid along w
 */
public record RowBox(int height, int width, Span t, Span h, Span w) {
  /** The coordinates {@code start, start + step, ...} of an axis, {@code count} of them. */
  public record Span(int start, int count, int step) {
    /** The coordinates from 0 to before {@code extent}. */
    static Span all(int extent) {
      return new Span(0, extent, 1);
    }

    /** Coordinate number i. */
    public int at(int i) {
      return start + i * step;
    }

    int last() {
      return at(count - 1);
    }
  }

  /** How many coordinates a box has along each axis. */
  public record Extents(int t, int h, int w) {}

  /** All rows of a matrix, as a grid of one row of tokens. */
  static RowBox line(long rows) {
    return line(Span.all(Math.toIntExact(rows)));
  }

  /** Rows of a matrix, as tokens of a grid of one row. */
  public static RowBox line(Span rows) {
    return new RowBox(1, rows.start() + rows.count() * rows.step(), Span.all(1), Span.all(1), rows);
  }

  /** All tokens of a grid. */
  static RowBox all(TokenGrid grid) {
    return of(grid, Span.all(grid.t()), Span.all(grid.h()), Span.all(grid.w()));
  }

  static RowBox of(TokenGrid grid, Span t, Span h, Span w) {
    return new RowBox(grid.h(), grid.w(), t, h, w);
  }

  /** The tokens of this box's grid with other coordinates. */
  RowBox with(Span t, Span h, Span w) {
    return new RowBox(height, width, t, h, w);
  }

  /** Number of rows. */
  public int rows() {
    return t.count * h.count * w.count;
  }

  /** Row number of a member. */
  public long row(int member) {
    int c = member % w.count;
    int b = member / w.count % h.count;
    int a = member / w.count / h.count;
    return ((long) t.at(a) * height + h.at(b)) * width + w.at(c);
  }

  /** The coordinate along h of the token in a row. */
  public int rowH(long row) {
    return (int) (row / width % height);
  }

  /** The coordinate along w of the token in a row. */
  public int rowW(long row) {
    return (int) (row % width);
  }

  public Extents extents() {
    return new Extents(t.count, h.count, w.count);
  }
}
