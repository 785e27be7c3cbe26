package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.WindowCounts;

/** Cases of {@link Op.Attention} in T3 windows (SPEC 5). */
final class WindowCases {
  private WindowCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    TokenGrid small = new TokenGrid(2, 4, 6);
    for (int t : new int[] {1, 2}) {
      for (int h : new int[] {1, 2, 4}) {
        for (int w : new int[] {1, 2, 3, 6}) {
          add(cases, small, new WindowCounts(t, h, w), 2, 8);
        }
      }
    }
    add(cases, new TokenGrid(1, 1, 1), new WindowCounts(1, 1, 1), 1, 8);
    add(cases, new TokenGrid(3, 5, 7), new WindowCounts(1, 5, 1), 1, 24);
    add(cases, new TokenGrid(3, 5, 7), new WindowCounts(3, 1, 7), 3, 4);
    // Groups beyond one block of 64 keys, and of 300.
    add(cases, new TokenGrid(2, 12, 12), new WindowCounts(1, 1, 2), 2, 40);
    add(cases, new TokenGrid(3, 10, 20), new WindowCounts(1, 1, 2), 1, 64);
    // The five kinds of windows of a 6 x 8 x 12 grid, in the proportions of the paper's tables.
    add(cases, new TokenGrid(6, 8, 12), new WindowCounts(6, 1, 1), 2, 128);
    add(cases, new TokenGrid(6, 8, 12), new WindowCounts(1, 4, 6), 2, 12);
    add(cases, new TokenGrid(6, 8, 12), new WindowCounts(2, 4, 3), 2, 12);
    add(cases, new TokenGrid(6, 8, 12), new WindowCounts(3, 2, 2), 2, 12);
    addUneven(cases);
    return cases;
  }

  /** Counts that do not divide the grid: windows differ by one token along such axes. */
  private static void addUneven(List<OpCase> cases) {
    add(cases, new TokenGrid(1, 1, 7), new WindowCounts(1, 1, 2), 1, 8);
    add(cases, new TokenGrid(1, 5, 1), new WindowCounts(1, 4, 1), 2, 4);
    add(cases, new TokenGrid(3, 5, 7), new WindowCounts(2, 2, 3), 2, 24);
    add(cases, new TokenGrid(3, 5, 7), new WindowCounts(3, 4, 1), 3, 8);
    add(cases, new TokenGrid(2, 3, 13), new WindowCounts(1, 3, 5), 1, 40);
    add(cases, new TokenGrid(5, 11, 13), new WindowCounts(2, 3, 2), 2, 12);
    // Groups just above and below a block of 96 keys and a task of queries, and above several.
    add(cases, new TokenGrid(1, 1, 193), new WindowCounts(1, 1, 2), 1, 16);
    add(cases, new TokenGrid(1, 13, 10), new WindowCounts(1, 2, 1), 1, 64);
    add(cases, new TokenGrid(3, 11, 19), new WindowCounts(2, 1, 1), 1, 128);
  }

  private static void add(
      List<OpCase> cases, TokenGrid grid, WindowCounts counts, int heads, int d) {
    for (Grouping grouping : Grouping.values()) {
      cases.add(windows(new AttentionPattern.Windows(grid, counts, grouping), heads, d));
    }
  }

  private static OpCase windows(AttentionPattern.Windows windows, int heads, int d) {
    CaseBuilder c = new CaseBuilder("attention");
    long tokens = windows.grid().tokens();
    Value q = c.input("q", tokens, (long) heads * d);
    Value k = c.input("k", tokens, (long) heads * d);
    Value v = c.input("v", tokens, (long) heads * d);
    float scale = (float) (1 / Math.sqrt(d));
    return c.returns(
        c.g.attention(q, k, v, heads, scale, windows, null),
        AttentionCases.tolerance(d, windows.largestGroup(), 1),
        "%d heads of %d, grid %s, windows %s %s%s",
        heads,
        d,
        windows.grid(),
        windows.counts(),
        windows.grouping(),
        windows.closeEqualsRemote() ? ", close == remote" : "");
  }
}
