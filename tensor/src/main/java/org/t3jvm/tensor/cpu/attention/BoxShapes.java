package org.t3jvm.tensor.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowBox.Span;

/**
 * How the rows of a box are divided into smaller boxes, each of which meets the rows of some other
 * box around it, all frames of it.
 */
final class BoxShapes {
  /** What loading a met row costs, in panels of rows that meet it. */
  private static final int LOADING = 1;

  private BoxShapes() {}

  /**
   * The shape of boxes of at most {@code most} rows that take the least work in all.
   *
   * @param alongH rows of tokens that some rows of the box meet
   * @param alongW columns of tokens that some columns of the box meet
   * @param frames that every row meets
   * @param extra rows that every row meets besides
   */
  static RowBox.Extents best(
      RowBox box,
      int most,
      ToIntFunction<Span> alongH,
      ToIntFunction<Span> alongW,
      int frames,
      int extra) {
    RowBox.Extents best = new RowBox.Extents(1, 1, 1);
    double least = Double.POSITIVE_INFINITY;
    for (int t = 1; t <= Math.min(box.t().count(), most); t++) {
      for (int h = 1; h <= Math.min(box.h().count(), most / t); h++) {
        List<Span> rows = split(box.h(), h);
        double metRows = sum(rows, alongH) * frames;
        for (int w = 1; w <= Math.min(box.w().count(), most / t / h); w++) {
          List<Span> columns = split(box.w(), w);
          double met =
              metRows * sum(columns, alongW) + (double) rows.size() * columns.size() * extra;
          double work =
              met * Math.ceilDiv(box.t().count(), t) * (Tile.panels((long) t * h * w) + LOADING);
          if (work < least) {
            least = work;
            best = new RowBox.Extents(t, h, w);
          }
        }
      }
    }
    return best;
  }

  private static double sum(List<Span> spans, ToIntFunction<Span> along) {
    return spans.stream().mapToInt(along).sum();
  }

  /**
   * Neighbouring coordinates, in as few spans of at most {@code size} as there can be, near-equal.
   */
  static List<Span> split(Span all, int size) {
    int parts = Math.ceilDiv(all.count(), size);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      int from = all.count() * i / parts;
      spans.add(new Span(all.at(from), all.count() * (i + 1) / parts - from, all.step()));
    }
    return spans;
  }
}
