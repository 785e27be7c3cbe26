package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Value;

/**
 * Cases of {@link Op.Attention} in inward windows, with extra keys and without (SPEC 20.2, 21.4).
 */
final class InwardCases {
  private InwardCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int extra : new int[] {0, 1, 100}) {
      add(cases, new TokenGrid(1, 1, 1), 0, 0, extra, 1, 8);
      add(cases, new TokenGrid(2, 5, 7), 1, 2, extra, 2, 12);
      add(cases, new TokenGrid(3, 4, 6), 0, 0, extra, 3, 4);
    }
    // One window larger than the grid along one axis, or both.
    add(cases, new TokenGrid(3, 3, 11), 2, 3, 0, 2, 8);
    add(cases, new TokenGrid(2, 5, 5), 9, 9, 7, 1, 24);
    // One frame, one row, one column.
    add(cases, new TokenGrid(1, 13, 17), 3, 4, 55, 2, 12);
    add(cases, new TokenGrid(5, 1, 31), 2, 7, 0, 1, 40);
    add(cases, new TokenGrid(4, 29, 1), 6, 2, 3, 1, 16);
    // More keys than a block, more queries than a task; 17 columns of one head.
    add(cases, new TokenGrid(3, 11, 19), 3, 5, 0, 1, 128);
    add(cases, new TokenGrid(1, 12, 33), 4, 8, 99, 2, 17);
    // The proportions of 1088x1920 (grid 21x68x120, dh 15, dw 26), an eighth.
    add(cases, new TokenGrid(3, 9, 15), 2, 3, 0, 2, 64);
    return cases;
  }

  private static void add(
      List<OpCase> cases, TokenGrid grid, int reachH, int reachW, int extra, int heads, int d) {
    AttentionPattern.Inward inward = new AttentionPattern.Inward(grid, reachH, reachW, extra);
    CaseBuilder c = new CaseBuilder("attention");
    Value q = c.input("q", grid.tokens(), (long) heads * d);
    Value k = c.input("k", grid.tokens() + extra, (long) heads * d);
    Value v = c.input("v", grid.tokens() + extra, (long) heads * d);
    float scale = (float) (1 / Math.sqrt(d));
    cases.add(
        c.returns(
            c.g.attention(q, k, v, heads, scale, inward, null),
            AttentionCases.tolerance(d, Math.toIntExact(inward.keysEach()), 1),
            "%d heads of %d, grid %s, inward window reaching %d,%d, %d extra keys",
            heads,
            d,
            grid,
            reachH,
            reachW,
            extra));
  }
}
