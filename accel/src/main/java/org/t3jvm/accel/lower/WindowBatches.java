package org.t3jvm.accel.lower;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.WindowIndex;

/**
 * The windows of one grouping in batches of equal windows, for attention that takes only such: rows
 * are gathered so that those of a window lie together, and windows of equal sizes follow each
 * other.
 *
 * @param index the windows
 * @param batches at most eight, since windows differ by one token along each axis
 */
record WindowBatches(WindowIndex index, List<Batch> batches) {
  /** Whole numbers up to this are F32 numbers. */
  private static final int MOST_ROWS = 1 << 24;

  /**
   * Windows of equal sizes.
   *
   * @param extents of each window
   * @param windows their numbers, in order
   * @param start gathered row of the first window's first token
   */
  record Batch(WindowIndex.Extents extents, List<Integer> windows, int start) {
    /** Tokens of a window. */
    int tokens() {
      return extents.tokens();
    }

    /** Rows of all windows. */
    int rows() {
      return windows.size() * tokens();
    }
  }

  /** The batches of windows; those with the size of window 0 come first. */
  static WindowBatches of(WindowIndex index) {
    Map<WindowIndex.Extents, List<Integer>> sizes = new LinkedHashMap<>();
    for (int window = 0; window < index.groups(); window++) {
      sizes.computeIfAbsent(index.extents(window), size -> new ArrayList<>()).add(window);
    }
    List<Batch> batches = new ArrayList<>();
    int start = 0;
    for (Map.Entry<WindowIndex.Extents, List<Integer>> size : sizes.entrySet()) {
      Batch batch = new Batch(size.getKey(), List.copyOf(size.getValue()), start);
      batches.add(batch);
      start += batch.rows();
    }
    return new WindowBatches(index, List.copyOf(batches));
  }

  /** Whether the rows lie in this order already, so that there is nothing to gather. */
  boolean inOrder() {
    for (Batch batch : batches) {
      int last = batch.tokens() - 1;
      for (int i = 0; i < batch.windows().size(); i++) {
        int first = batch.start() + i * batch.tokens();
        if (index.base(batch.windows().get(i)) != first
            || index.offset(batch.extents(), last) != last) {
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
        long base = index.base(window);
        for (int member = 0; member < batch.tokens(); member++) {
          rows.setDouble(at++, base + index.offset(batch.extents(), member));
        }
      }
    }
    return rows;
  }
}
