package org.t3jvm.accel.lower;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.RowBox;

/**
 * The windows of one grouping in batches of equal windows, for attention that takes only such: rows
 * are gathered so that those of a window lie together, and windows of equal sizes follow each
 * other.
 *
 * @param boxes token rows of each window
 * @param batches at most eight, since windows differ by one token along each axis
 */
record WindowBatches(List<RowBox> boxes, List<Batch> batches) {
  /** Whole numbers up to this are F32 numbers. */
  private static final int MOST_ROWS = 1 << 24;

  /**
   * Windows of equal sizes.
   *
   * @param extents of each window
   * @param windows their numbers, in order
   * @param start gathered row of the first window's first token
   */
  record Batch(RowBox.Extents extents, List<Integer> windows, int start) {
    /** Tokens of a window. */
    int tokens() {
      return extents.t() * extents.h() * extents.w();
    }

    /** Rows of all windows. */
    int rows() {
      return windows.size() * tokens();
    }
  }

  /** The batches of windows; those with the size of window 0 come first. */
  static WindowBatches of(List<RowBox> boxes) {
    Map<RowBox.Extents, List<Integer>> sizes = new LinkedHashMap<>();
    for (int window = 0; window < boxes.size(); window++) {
      sizes.computeIfAbsent(boxes.get(window).extents(), size -> new ArrayList<>()).add(window);
    }
    List<Batch> batches = new ArrayList<>();
    int start = 0;
    for (Map.Entry<RowBox.Extents, List<Integer>> size : sizes.entrySet()) {
      Batch batch = new Batch(size.getKey(), List.copyOf(size.getValue()), start);
      batches.add(batch);
      start += batch.rows();
    }
    return new WindowBatches(boxes, List.copyOf(batches));
  }

  /** Whether the rows lie in this order already, so that there is nothing to gather. */
  boolean inOrder() {
    for (Batch batch : batches) {
      int last = batch.tokens() - 1;
      for (int i = 0; i < batch.windows().size(); i++) {
        int first = batch.start() + i * batch.tokens();
        RowBox box = boxes.get(batch.windows().get(i));
        if (box.row(0) != first || box.row(last) != first + last) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Token row [rows] of each gathered row, as F32 numbers.
   *
   * @throws IllegalArgumentException if there are more rows than F32 can number
   */
  Tensor rows() {
    int count = batches.stream().mapToInt(Batch::rows).sum();
    if (count > MOST_ROWS) {
      throw new IllegalArgumentException(
          "%d token rows are too many for a table of F32 numbers, at most %d"
              .formatted(count, MOST_ROWS));
    }
    Tensor rows = Tensor.allocate(DType.F32, Shape.of(count));
    long at = 0;
    for (Batch batch : batches) {
      for (int window : batch.windows()) {
        RowBox box = boxes.get(window);
        for (int member = 0; member < batch.tokens(); member++) {
          rows.setDouble(at++, (double) box.row(member));
        }
      }
    }
    return rows;
  }
}
