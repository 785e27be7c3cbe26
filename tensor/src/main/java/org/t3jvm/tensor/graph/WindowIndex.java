package org.t3jvm.tensor.graph;

/**
 * Token rows of the groups of a window pattern, as arithmetic: group g starts at {@link #base}, and
 * its member (a, b, c), below the group's {@link #extents}, lies {@link #offset} rows further.
 * Groups and members are numbered with w fastest, and members rise with their token rows.
 *
 * @param t windows along t
 * @param h windows along h
 * @param w windows along w
 */
public record WindowIndex(WindowAxis t, WindowAxis h, WindowAxis w) {
  /** Extents of one group's window. */
  public record Extents(int t, int h, int w) {
    /** Tokens of the window. */
    public int tokens() {
      return t * h * w;
    }
  }

  static WindowIndex of(TokenGrid grid, WindowCounts counts, AttentionPattern.Grouping grouping) {
    boolean dilated =
        switch (grouping) {
          case CLOSE -> false;
          case REMOTE -> true;
          case BOTH ->
              throw new IllegalArgumentException(
                  "index arithmetic is for one grouping, not for both");
        };
    return new WindowIndex(
        new WindowAxis(grid.t(), counts.t(), dilated),
        new WindowAxis(grid.h(), counts.h(), dilated),
        new WindowAxis(grid.w(), counts.w(), dilated));
  }

  /** Number of groups. */
  public int groups() {
    return t.count() * h.count() * w.count();
  }

  /** The window of a group; at most eight different ones occur. */
  public Extents extents(int group) {
    return new Extents(t.size(groupT(group)), h.size(groupH(group)), w.size(groupW(group)));
  }

  /** Token row of a group's first member. */
  public long base(int group) {
    long row = (long) t.start(groupT(group)) * h.extent() + h.start(groupH(group));
    return row * w.extent() + w.start(groupW(group));
  }

  /** Distance of a member's token row from its group's {@link #base}. */
  public long offset(Extents window, int member) {
    int c = member % window.w();
    int b = (member / window.w()) % window.h();
    int a = member / (window.w() * window.h());
    long row = (long) a * t.stride() * h.extent() + (long) b * h.stride();
    return row * w.extent() + (long) c * w.stride();
  }

  private int groupT(int group) {
    return group / (w.count() * h.count());
  }

  private int groupH(int group) {
    return (group / w.count()) % h.count();
  }

  private int groupW(int group) {
    return group % w.count();
  }
}
