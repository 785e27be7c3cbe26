package org.t3jvm.tensor.cpu.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.t3jvm.tensor.Tensor;

/**
 * Lays buffers of known lifetimes out in one arena so that two buffers overlap in memory only if
 * they never live at the same time. The largest are placed first, each into the smallest gap that
 * holds it.
 */
final class BufferPlanner {
  /**
   * A buffer to place.
   *
   * @param bytes its size
   * @param first the first moment it is in use
   * @param last the last moment it is in use, included
   */
  record Buffer(long bytes, int first, int last) {
    boolean meets(Buffer other) {
      return first <= other.last && other.first <= last;
    }
  }

  /**
   * The layout.
   *
   * @param offsets of the buffers, in the order they were given, multiples of 64
   * @param bytes size of the arena
   */
  record Layout(List<Long> offsets, long bytes) {}

  private record Placed(Buffer buffer, long offset, long end) {}

  private BufferPlanner() {}

  static Layout plan(List<Buffer> buffers) {
    List<Integer> order = new ArrayList<>();
    Long[] offsets = new Long[buffers.size()];
    for (int i = 0; i < buffers.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> -buffers.get(i).bytes()));
    List<Placed> placed = new ArrayList<>();
    long bytes = 0;
    for (int i : order) {
      Buffer buffer = buffers.get(i);
      long size = align(buffer.bytes());
      long offset = bestGap(placed, buffer, size);
      offsets[i] = offset;
      bytes = Math.max(bytes, offset + size);
      insert(placed, new Placed(buffer, offset, offset + size));
    }
    return new Layout(List.of(offsets), bytes);
  }

  /** Start of the smallest gap of {@code size} bytes between the buffers that live meanwhile. */
  private static long bestGap(List<Placed> placed, Buffer buffer, long size) {
    long end = 0;
    long best = -1;
    long bestSize = Long.MAX_VALUE;
    for (Placed other : placed) {
      if (!other.buffer().meets(buffer)) {
        continue;
      }
      long gap = other.offset() - end;
      if (gap >= size && gap < bestSize) {
        best = end;
        bestSize = gap;
      }
      end = Math.max(end, other.end());
    }
    return best >= 0 ? best : end;
  }

  private static void insert(List<Placed> placed, Placed added) {
    int low = 0;
    int high = placed.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (placed.get(middle).offset() <= added.offset()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    placed.add(low, added);
  }

  private static long align(long bytes) {
    return Math.ceilDiv(bytes, Tensor.ALIGNMENT) * Tensor.ALIGNMENT;
  }
}
