package org.t3jvm.bench.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * The T3 kinds of the released models on grids that seconds are enough for: windows as large as in
 * the 4K tables (SPEC 5), fewer of them, along axes of the table. Kind 0 attends within one frame;
 * as that of a 4K video takes half a minute, it has a smaller one.
 *
 * @param model such as {@code 1.3B}
 * @param kind 0 to 4
 * @param config sizes of the model, with one block
 * @param grid reduced token grid
 * @param counts reduced window counts
 */
record ReducedWindows(
    String model, int kind, DitConfig config, TokenGrid grid, WindowCounts counts) {
  static final DitConfig WAN21 = new DitConfig(16, 16, 1536, 12, 8960, 1, 256, 4096, 2, 2);
  private static final DitConfig WAN22 = new DitConfig(48, 48, 3072, 24, 14336, 1, 256, 4096, 2, 2);

  /** Extents, then counts, of kinds 0 to 4; windows 21x8x8, 21x17x6, 7x8x30, 3x17x40. */
  private static final int[][] WAN21_KINDS = {
    {1, 68, 120, 1, 1, 1},
    {21, 16, 16, 1, 2, 2},
    {21, 17, 12, 1, 1, 2},
    {7, 16, 30, 1, 2, 1},
    {6, 17, 40, 2, 1, 1}
  };

  /** Extents, then counts, of kinds 0 to 4; windows 21x4x6, 21x4x20, 7x17x8, 3x17x15. */
  private static final int[][] WAN22_KINDS = {
    {1, 34, 90, 1, 1, 1},
    {21, 8, 12, 1, 2, 2},
    {21, 8, 20, 1, 2, 1},
    {7, 17, 16, 1, 1, 2},
    {6, 17, 15, 2, 1, 1}
  };

  /** Every kind of both models. */
  static List<ReducedWindows> all() {
    List<ReducedWindows> all = new ArrayList<>();
    add(all, "1.3B", WAN21, WAN21_KINDS);
    add(all, "5B", WAN22, WAN22_KINDS);
    return all;
  }

  private static void add(List<ReducedWindows> all, String model, DitConfig config, int[][] kinds) {
    for (int kind = 0; kind < kinds.length; kind++) {
      int[] k = kinds[kind];
      all.add(
          new ReducedWindows(
              model,
              kind,
              config,
              new TokenGrid(k[0], k[1], k[2]),
              new WindowCounts(k[3], k[4], k[5])));
    }
  }

  /** As {@code 1.3B-kind3}. */
  String name() {
    return model + "-kind" + kind;
  }

  /** The pattern as the model traces it. */
  AttentionPattern pattern() {
    return new AttentionPattern.Windows(grid, counts, AttentionPattern.Grouping.BOTH).simplified();
  }

  /** As {@code 7x16x30, 2 windows of 1680}. */
  String description() {
    long windows = counts.windows();
    return "%s, %d %s of %d"
        .formatted(grid, windows, windows == 1 ? "window" : "windows", grid.tokens() / windows);
  }
}
