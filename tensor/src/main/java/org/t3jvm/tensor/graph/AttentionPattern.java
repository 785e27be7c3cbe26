package org.t3jvm.tensor.graph;

/** Which keys each query of an {@link Op.Attention} attends to. */
public sealed interface AttentionPattern {
  /** Every query attends to every key. */
  record Full() implements AttentionPattern {}

  /**
   * T3 windows (SPEC 5): tokens of a grid fall into equal groups, and a query attends to its own
   * group.
   *
   * @param grid the token grid; q, k and v have {@code grid.tokens()} rows
   * @param counts windows along each axis; each must divide the grid
   * @param grouping contiguous boxes, dilated boxes, or the average of both
   */
  record Windows(TokenGrid grid, WindowCounts counts, Grouping grouping)
      implements AttentionPattern {
    public Windows {
      if (!counts.divides(grid)) {
        throw new IllegalArgumentException(
            "attention: windows %s do not divide the token grid %s".formatted(counts, grid));
      }
    }

    /** Tokens in one group. */
    public int groupSize() {
      return Math.toIntExact(grid.tokens() / counts.windows());
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
    /** Contiguous boxes: group (t / wt, h / wh, w / ww). */
    CLOSE,
    /** Dilated boxes: group (t mod nt, h mod nh, w mod nw). */
    REMOTE,
    /** The mean of the attention over both groupings. */
    BOTH
  }
}
