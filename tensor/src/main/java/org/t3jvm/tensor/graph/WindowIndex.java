package org.t3jvm.tensor.graph;

/**
 * Token rows of the groups of a window pattern, as arithmetic: group g starts at {@link #base}, and
 * its member (a, b, c) lies at {@code base + a*strideT + b*strideH + c*strideW}, with a, b, c below
 * the window's extents. Members are numbered with c fastest.
 *
 * @param sizeT window extent along t
 * @param sizeH window extent along h
 * @param sizeW window extent along w
 * @param strideT rows between members along t
 * @param strideH rows between members along h
 * @param strideW rows between members along w
 * @param counts number of groups along each axis
 * @param groupT rows between neighbouring groups along t
 * @param groupH rows between neighbouring groups along h
 * @param groupW rows between neighbouring groups along w
 */
public record WindowIndex(
    int sizeT,
    int sizeH,
    int sizeW,
    long strideT,
    long strideH,
    long strideW,
    WindowCounts counts,
    long groupT,
    long groupH,
    long groupW) {

  static WindowIndex of(TokenGrid grid, WindowCounts counts, AttentionPattern.Grouping grouping) {
    int wt = grid.t() / counts.t();
    int wh = grid.h() / counts.h();
    int ww = grid.w() / counts.w();
    long frame = (long) grid.h() * grid.w();
    long row = grid.w();
    return switch (grouping) {
      case CLOSE -> new WindowIndex(wt, wh, ww, frame, row, 1, counts, wt * frame, wh * row, ww);
      case REMOTE ->
          new WindowIndex(
              wt, wh, ww, counts.t() * frame, counts.h() * row, counts.w(), counts, frame, row, 1);
      case BOTH ->
          throw new IllegalArgumentException("index arithmetic is for one grouping, not for both");
    };
  }

  /** Members of one group. */
  public int groupSize() {
    return sizeT * sizeH * sizeW;
  }

  /** Token row of the first member of a group, groups numbered w fastest. */
  public long base(int group) {
    int gw = group % counts.w();
    int gh = (group / counts.w()) % counts.h();
    int gt = group / (counts.w() * counts.h());
    return gt * groupT + gh * groupH + gw * groupW;
  }

  /** Distance of a member's token row from its group's {@link #base}. */
  public long offset(int member) {
    int c = member % sizeW;
    int b = (member / sizeW) % sizeH;
    int a = member / (sizeW * sizeH);
    return a * strideT + b * strideH + c * strideW;
  }
}
