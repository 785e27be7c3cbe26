package org.t3jvm.accel.lower;

import java.util.List;
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

  /** The windows as kernels take them: token grid t, h, w; windows t, h, w; 1 if dilated. */
  int[] numbers() {
    TokenGrid grid = windows.grid();
    WindowCounts counts = windows.counts();
    return new int[] {
      grid.t(),
      grid.h(),
      grid.w(),
      counts.t(),
      counts.h(),
      counts.w(),
      grouping == Grouping.REMOTE ? 1 : 0
    };
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
