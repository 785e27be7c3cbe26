package org.t3jvm.model.fit;

import java.util.BitSet;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.SlidingAxis;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * What FlexAttention computes of an attention in inward windows: every block of 128 queries by 128
 * keys with a score that is needed, as a whole (SPEC 20.2). Tokens are in their order, and blocks
 * that the last frame does not fill count like others.
 */
final class FlexBlocks {
  private static final int BLOCK = 128;

  private final TokenGrid grid;
  private final SlidingAxis h;
  private final SlidingAxis w;
  private final long tokens;

  private FlexBlocks(AttentionPattern.Inward inward) {
    this.grid = inward.grid();
    this.h = new SlidingAxis(grid.h(), inward.reachH());
    this.w = new SlidingAxis(grid.w(), inward.reachW());
    this.tokens = grid.tokens();
  }

  /** Scores of all blocks that one head computes; pooled keys are not counted. */
  static double scores(AttentionPattern.Inward inward) {
    return (double) new FlexBlocks(inward).blocks() * BLOCK * BLOCK;
  }

  private long blocks() {
    long blocks = 0;
    for (long first = 0; first < tokens; first += BLOCK) {
      blocks += keyBlocks(first, Math.min(first + BLOCK, tokens));
    }
    return blocks;
  }

  /** Blocks with a key of any of some queries. */
  private int keyBlocks(long first, long end) {
    BitSet blocks = new BitSet();
    long next = first;
    while (next < end) {
      int row = (int) (next / grid.w() % grid.h());
      int column = (int) (next % grid.w());
      int count = (int) Math.min(grid.w() - column, end - next);
      int firstColumn = w.start(column);
      int lastColumn = w.start(column + count - 1) + w.size() - 1;
      mark(h.start(row), firstColumn, lastColumn, blocks);
      next += count;
    }
    return blocks.cardinality();
  }

  /** Marks the blocks of some columns of a window's rows, in all frames. */
  private void mark(int firstRow, int firstColumn, int lastColumn, BitSet blocks) {
    for (int t = 0; t < grid.t(); t++) {
      for (int row = firstRow; row < firstRow + h.size(); row++) {
        long start = ((long) t * grid.h() + row) * grid.w();
        blocks.set((int) ((start + firstColumn) / BLOCK), (int) ((start + lastColumn) / BLOCK) + 1);
      }
    }
  }
}
