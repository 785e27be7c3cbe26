package org.t3jvm.tensor.cpu.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.tensor.graph.AttentionPattern.Full;
import org.t3jvm.tensor.graph.AttentionPattern.Inward;
import org.t3jvm.tensor.graph.TokenGrid;

class AttentionInwardTest {
  private static AttentionCase inward(
      TokenGrid grid, int reachH, int reachW, int extra, int heads, int dim, long seed) {
    int tokens = Math.toIntExact(grid.tokens());
    Inward pattern = new Inward(grid, reachH, reachW, extra);
    return new AttentionCase(tokens, tokens + extra, heads, dim, pattern, seed, 2);
  }

  /** Windows of one token up to more than the grid, with and without extra keys. */
  @ParameterizedTest
  @CsvSource({"1,1,1", "2,4,6", "3,2,5", "1,9,11", "4,1,13", "1,17,1"})
  void everyReachAgreesWithDoubleLoops(int t, int h, int w) {
    TokenGrid grid = new TokenGrid(t, h, w);
    for (int reachH = 0; reachH <= h / 2 + 1; reachH++) {
      for (int reachW = 0; reachW <= w / 2 + 1; reachW += 2) {
        for (int extra : new int[] {0, 1, 130}) {
          long seed = (reachH * 100L + reachW) * 1000 + extra;
          AttentionCase c = inward(grid, reachH, reachW, extra, 2, 8, seed);
          DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
        }
      }
    }
  }

  /** Many blocks of keys and of queries, whose windows differ. */
  @ParameterizedTest
  @CsvSource({"3,20,23,4,6,0", "1,31,37,5,3,97", "5,13,29,3,9,17", "2,9,101,1,20,1"})
  void severalBlocksAgreeWithDoubleLoops(int t, int h, int w, int reachH, int reachW, int extra) {
    long seed = 31;
    AttentionCase c = inward(new TokenGrid(t, h, w), reachH, reachW, extra, 2, 24, seed);
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
  }

  @Test
  void aWindowOfAllKeysIsFullAttention() {
    TokenGrid grid = new TokenGrid(2, 7, 9);
    AttentionCase all = inward(grid, 7, 9, 3, 1, 24, 32);
    AttentionCase full = new AttentionCase(126, 129, 1, 24, new Full(), 32, 2);
    float[] expected = full.run();
    assertThat(all.run()).isEqualTo(expected);
  }

  @Test
  void resultsDoNotDependOnTheOrderOfTasks() throws InterruptedException {
    AttentionCase c = inward(new TokenGrid(3, 12, 17), 3, 4, 20, 2, 24, 33);
    float[] y = c.run();
    assertThat(c.run(Collections::reverse)).isEqualTo(y);
    assertThat(c.runOn(3)).isEqualTo(y);
  }
}
