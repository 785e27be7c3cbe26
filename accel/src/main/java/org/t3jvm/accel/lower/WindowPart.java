package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.slots.AttentionSlots.Windows;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * One of the attentions that attention in windows is made of: one for each grouping, averaged.
 *
 * @param windows the pattern, simplified
 * @param grouping close or remote
 * @param share of the result
 * @param adds whether the result is added to that of the parts before
 */
record WindowPart(AttentionPattern.Windows windows, Grouping grouping, float share, boolean adds) {

  /** The parts of a pattern, in order. */
  static List<WindowPart> of(AttentionPattern.Windows windows) {
    AttentionPattern.Windows simple = windows.simplified();
    return simple.grouping() == Grouping.BOTH
        ? List.of(
            new WindowPart(simple, Grouping.CLOSE, 0.5f, false),
            new WindowPart(simple, Grouping.REMOTE, 0.5f, true))
        : List.of(new WindowPart(simple, simple.grouping(), 1, false));
  }

  /** The numbers of an attention in these windows. */
  Numbers numbers(int queryTile) {
    TokenGrid grid = windows.grid();
    WindowCounts counts = windows.counts();
    return new Numbers()
        .set(Windows.QUERIES, 0)
        .set(Windows.KEYS, 0)
        .set(Windows.BLOCKS, blocks(queryTile))
        .set(Windows.GRID_T, grid.t())
        .set(Windows.GRID_H, grid.h())
        .set(Windows.GRID_W, grid.w())
        .set(Windows.WINDOWS_T, counts.t())
        .set(Windows.WINDOWS_H, counts.h())
        .set(Windows.WINDOWS_W, counts.w())
        .set(Windows.DILATED, grouping == Grouping.REMOTE);
  }

  /** The numbers of an attention of rows that follow each other: windows are not looked at. */
  static Numbers rows(int queries, int keys, int queryTile) {
    return new Numbers()
        .set(Windows.QUERIES, queries)
        .set(Windows.KEYS, keys)
        .set(Windows.BLOCKS, Math.ceilDiv(queries, queryTile))
        .set(Windows.GRID_T, 1)
        .set(Windows.GRID_H, 1)
        .set(Windows.GRID_W, 1)
        .set(Windows.WINDOWS_T, 1)
        .set(Windows.WINDOWS_H, 1)
        .set(Windows.WINDOWS_W, 1)
        .set(Windows.DILATED, false);
  }

  /** Blocks of queries of the largest window. */
  int blocks(int queries) {
    return Math.ceilDiv(windows.largestGroup(), queries);
  }

  /** Token rows of each window. */
  List<RowBox> boxes() {
    return windows.boxes(grouping);
  }
}
