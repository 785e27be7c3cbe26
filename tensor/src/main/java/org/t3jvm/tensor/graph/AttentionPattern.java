package org.t3jvm.tensor.graph;

import java.util.ArrayList;
import java.util.List;

/** Which keys each query of an {@link Op.Attention} attends to. */
public sealed interface AttentionPattern {
  /**
   * The pattern as arithmetic, for as many rows of q and of k; {@link ShapeRules} says how many a
   * pattern takes.
   */
  RowMap rows(long queries, long keys);

  /** Scores that one head takes in all passes. */
  double scores(long queries, long keys);

  /** This pattern with one pass where two would give the same numbers; else itself. */
  default AttentionPattern simplified() {
    return this;
  }

  /** Every query attends to every key. */
  record Full() implements AttentionPattern {
    @Override
    public RowMap rows(long queries, long keys) {
      return RowMap.of(List.of(RowMap.Tile.of(RowBox.line(queries), RowBox.line(keys))));
    }

    @Override
    public double scores(long queries, long keys) {
      return (double) queries * keys;
    }
  }

  /**
   * Windows that are centred on each query and moved inward at the edges of its frame, over all
   * frames, and further keys that every query attends to, in one softmax (SPEC 20.2, 21.4).
   *
   * @param grid the token grid; q has {@code grid.tokens()} rows, k and v {@code extraKeys} more
   * @param reachH token rows on either side of a query, dh
   * @param reachW token columns on either side of a query, dw
   * @param extraKeys rows of k and v after those of the grid, such as pooled ones
   */
  record Inward(TokenGrid grid, int reachH, int reachW, int extraKeys) implements AttentionPattern {
    public Inward {
      if (reachH < 0 || reachW < 0 || extraKeys < 0) {
        throw new IllegalArgumentException(
            "attention: an inward window reaches %d,%d with %d extra keys, none may be negative"
                .formatted(reachH, reachW, extraKeys));
      }
    }

    @Override
    public RowMap rows(long queries, long keys) {
      RowBox all = RowBox.all(grid);
      RowBox.Span extra = new RowBox.Span(Math.toIntExact(grid.tokens()), extraKeys, 1);
      RowMap.SlidingWindows sliding = new RowMap.SlidingWindows(alongH(), alongW());
      return RowMap.of(List.of(new RowMap.Tile(all, all, extra, sliding)));
    }

    @Override
    public double scores(long queries, long keys) {
      return (double) queries * keysEach();
    }

    /** Keys of each query. */
    public long keysEach() {
      return (long) grid.t() * alongH().size() * alongW().size() + extraKeys;
    }

    private SlidingAxis alongH() {
      return new SlidingAxis(grid.h(), reachH);
    }

    private SlidingAxis alongW() {
      return new SlidingAxis(grid.w(), reachW);
    }
  }

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

    @Override
    public RowMap rows(long queries, long keys) {
      float share = grouping == Grouping.BOTH ? 0.5f : 1;
      List<RowMap.Pass> passes = new ArrayList<>();
      for (Grouping single : grouping.passes()) {
        List<RowMap.Tile> tiles =
            boxes(single).stream().map(box -> RowMap.Tile.of(box, box)).toList();
        passes.add(new RowMap.Pass(share, tiles));
      }
      return new RowMap(passes);
    }

    @Override
    public double scores(long queries, long keys) {
      return (double) pairs() * grouping.passes().size();
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

    @Override
    public Windows simplified() {
      return grouping == Grouping.BOTH && closeEqualsRemote()
          ? new Windows(grid, counts, Grouping.CLOSE)
          : this;
    }

    /**
     * The groups of one grouping, numbered with w fastest.
     *
     * @param single {@link Grouping#CLOSE} or {@link Grouping#REMOTE}
     */
    public List<RowBox> boxes(Grouping single) {
      if (single == Grouping.BOTH) {
        throw new IllegalArgumentException("groups are of one grouping, not of both");
      }
      boolean dilated = single == Grouping.REMOTE;
      List<RowBox> boxes = new ArrayList<>(counts.windows());
      for (RowBox.Span t : new WindowAxis(grid.t(), counts.t(), dilated).windows()) {
        for (RowBox.Span h : new WindowAxis(grid.h(), counts.h(), dilated).windows()) {
          for (RowBox.Span w : new WindowAxis(grid.w(), counts.w(), dilated).windows()) {
            boxes.add(RowBox.of(grid, t, h, w));
          }
        }
      }
      return boxes;
    }
  }

  /** How tokens are grouped into windows. */
  enum Grouping {
    /** Contiguous boxes: group (t / wt, h / wh, w / ww) of windows wt x wh x ww. */
    CLOSE,
    /** Dilated boxes: group (t mod nt, h mod nh, w mod nw). */
    REMOTE,
    /** The mean of the attention over both groupings. */
    BOTH;

    /** The groupings that are averaged. */
    List<Grouping> passes() {
      return this == BOTH ? List.of(CLOSE, REMOTE) : List.of(this);
    }
  }
}
