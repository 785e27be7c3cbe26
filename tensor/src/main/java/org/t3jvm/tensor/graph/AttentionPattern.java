package org.t3jvm.tensor.graph;

/** Which keys each query of an {@link Op.Attention} attends to. */
public sealed interface AttentionPattern {
  /** Every query attends to every key. */
  record Full() implements AttentionPattern {}

  /**
   * T3 windows (SPEC 5): tokens of a grid fall into groups, and a query attends to its own group.
   * Where the counts do not divide the grid, windows differ by one token along an axis ({@link
   * WindowAxis}).
   *
   * @param grid the token grid; q, k and v have {@code grid.tokens()} rows
   * @param counts windows along each axis, at most as many as it has tokens
   * @param grouping contiguous boxes, dilated boxes, or the average of both
   */
  record Windows(TokenGrid grid, WindowCounts counts, Grouping grouping)
      implements AttentionPattern {
    public Windows {
      if (!counts.fit(grid)) {
        throw new IllegalArgumentException(
            "attention: windows %s are more than the token grid %s has tokens along an axis"
                .formatted(counts, grid));
      }
    }

    /** Tokens of the largest group. */
    public int largestGroup() {
      return Math.ceilDiv(grid.t(), counts.t())
          * Math.ceilDiv(grid.h(), counts.h())
          * Math.ceilDiv(grid.w(), counts.w());
    }

    /** Pairs of a query and a key of its group, in one grouping, close or remote. */
    public long pairs() {
      return pairs(grid.t(), counts.t())
          * pairs(grid.h(), counts.h())
          * pairs(grid.w(), counts.w());
    }

    /** The sum of the squared sizes of near-equal windows, of which some hold one more. */
    private static long pairs(int extent, int count) {
      long size = extent / count;
      return count * size * size + extent % count * (2 * size + 1);
    }

    /**
     * True if close and remote groups are the same sets of tokens: every axis has one window, or
     * windows of one token (SPEC 5).
     */
    public boolean closeEqualsRemote() {
      return same(counts.t(), grid.t()) && same(counts.h(), grid.h()) && same(counts.w(), grid.w());
    }

    private static boolean same(int count, int extent) {
      return count == 1 || count == extent;
    }

    /** This pattern with one pass where two would give the same numbers; else itself. */
    public Windows simplified() {
      return grouping == Grouping.BOTH && closeEqualsRemote()
          ? new Windows(grid, counts, Grouping.CLOSE)
          : this;
    }

    /** Index arithmetic of one grouping, {@link Grouping#CLOSE} or {@link Grouping#REMOTE}. */
    public WindowIndex index(Grouping single) {
      return WindowIndex.of(grid, counts, single);
    }
  }

  /** How tokens are grouped into windows. */
  enum Grouping {
    /** Contiguous boxes: group (t / wt, h / wh, w / ww) of windows wt x wh x ww. */
    CLOSE,
    /** Dilated boxes: group (t mod nt, h mod nh, w mod nw). */
    REMOTE,
    /** The mean of the attention over both groupings. */
    BOTH
  }
}
