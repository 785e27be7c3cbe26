package org.t3jvm.tensor.cpu.attention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.AttentionPattern.Windows;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

class AttentionWindowsTest {
  private static AttentionCase windows(
      TokenGrid grid, WindowCounts counts, Grouping grouping, int heads, int dim, long seed) {
    int tokens = Math.toIntExact(grid.tokens());
    Windows windows = new Windows(grid, counts, grouping);
    return new AttentionCase(tokens, tokens, heads, dim, windows, seed, 2);
  }

  /** Every split of a grid into windows, even or not, from all of it down to one token. */
  @ParameterizedTest
  @CsvSource({"1,1,1", "2,4,6", "3,2,5", "4,6,1", "1,9,4"})
  void everySplitAgreesWithDoubleLoops(int t, int h, int w) {
    TokenGrid grid = new TokenGrid(t, h, w);
    for (int nt = 1; nt <= t; nt++) {
      for (int nh = 1; nh <= h; nh++) {
        for (int nw = 1; nw <= w; nw++) {
          for (Grouping grouping : Grouping.values()) {
            long seed = (nt * 100L + nh) * 100 + nw;
            WindowCounts counts = new WindowCounts(nt, nh, nw);
            AttentionCase c = windows(grid, counts, grouping, 2, 8, seed);
            DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Grouping.class)
  void groupsOfSeveralBlocksAgreeWithDoubleLoops(Grouping grouping) {
    long seed = 21;
    TokenGrid grid = new TokenGrid(3, 10, 22);
    AttentionCase c = windows(grid, new WindowCounts(1, 1, 2), grouping, 1, 24, seed);
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
  }

  /** Sizes that differ in their blocks of keys and their tasks of queries, such as 96 and 97. */
  @ParameterizedTest
  @CsvSource({"3,11,21,1,2,1", "5,7,10,2,1,1", "1,1,193,1,1,2", "1,13,17,1,1,2"})
  void unevenGroupsOfSeveralBlocksAgreeWithDoubleLoops(
      int t, int h, int w, int nt, int nh, int nw) {
    long seed = 22;
    for (Grouping grouping : Grouping.values()) {
      AttentionCase c =
          windows(new TokenGrid(t, h, w), new WindowCounts(nt, nh, nw), grouping, 2, 24, seed);
      DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
    }
  }

  /** Close and remote are the same sets of tokens where each axis is whole or in single tokens. */
  @ParameterizedTest
  @CsvSource({
    "BOTH,1,4,1,1",
    "BOTH,2,1,6,1",
    "BOTH,1,1,1,1",
    "BOTH,1,2,1,2",
    "BOTH,2,4,3,2",
    "BOTH,1,1,5,2",
    "BOTH,2,3,6,2",
    "CLOSE,1,2,1,1",
    "REMOTE,1,2,1,1"
  })
  void twoPassesOnlyWhereTheyDiffer(Grouping grouping, int nt, int nh, int nw, int passes) {
    TokenGrid grid = new TokenGrid(2, 4, 6);
    AttentionCase c = windows(grid, new WindowCounts(nt, nh, nw), grouping, 1, 8, 1);
    assertThat(c.passes()).as(c.toString()).isEqualTo(passes);
  }
}
