package org.t3jvm.bench.peer.torch;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowMap;
import org.t3jvm.tensor.graph.SlidingAxis;

/** Masks of attention in windows that slide, each made once for all boxes that look alike. */
final class TorchMasks implements AutoCloseable {
  /** Larger masks would take most of the memory and of the time. */
  private static final long MOST_BYTES = 1L << 30;

  private final LibTorch torch;
  private final Arena arena = Arena.ofShared();
  private final Map<Windows, TorchTensor> masks = new HashMap<>();

  TorchMasks(LibTorch torch) {
    this.torch = torch;
  }

  /**
   * Where the windows of a box of queries lie in its box of keys.
   *
   * @param tops first row of the window of each row of queries
   * @param lefts first column of the window of each column of queries
   * @param height rows of a window
   * @param width columns of a window
   */
  private record Windows(
      List<Integer> tops,
      List<Integer> lefts,
      int height,
      int width,
      RowBox.Extents keys,
      int extraKeys) {
    static Windows of(RowMap.Tile tile) {
      RowMap.SlidingWindows sliding = Objects.requireNonNull(tile.sliding());
      return new Windows(
          starts(tile.queries().h(), sliding.h(), tile.box().h()),
          starts(tile.queries().w(), sliding.w(), tile.box().w()),
          sliding.h().size(),
          sliding.w().size(),
          tile.box().extents(),
          tile.extra().count());
    }

    private static List<Integer> starts(RowBox.Span queries, SlidingAxis axis, RowBox.Span keys) {
      return IntStream.range(0, queries.count())
          .map(i -> axis.start(queries.at(i)) - keys.start())
          .boxed()
          .toList();
    }

    boolean areWhole() {
      return keys.h() == height && keys.w() == width;
    }
  }

  /**
   * What is added to the scores of a box's queries, the same for those of every frame [1, 1, h*w,
   * keys]; null where each attends to all keys.
   */
  @Nullable TorchTensor of(RowMap.Tile tile) {
    Windows windows = Windows.of(tile);
    return windows.areWhole() ? null : masks.computeIfAbsent(windows, this::make);
  }

  private TorchTensor make(Windows windows) {
    RowBox.Extents box = windows.keys;
    long queries = (long) windows.tops.size() * windows.lefts.size();
    long ofBox = (long) box.t() * box.h() * box.w();
    long keys = ofBox + windows.extraKeys;
    long row = keys * Float.BYTES;
    if (queries * row > MOST_BYTES) {
      throw new BackendException(
          "libtorch: not supported: a mask of %d queries by %d keys for windows that slide"
              .formatted(queries, keys));
    }
    MemorySegment segment = arena.allocate(queries * row, Tensor.ALIGNMENT);
    for (long query = 0; query < queries; query++) {
      for (long key = 0; key < ofBox; key++) {
        segment.setAtIndex(JAVA_FLOAT, query * keys + key, Float.NEGATIVE_INFINITY);
      }
      int top = windows.tops.get((int) (query / windows.lefts.size()));
      int left = windows.lefts.get((int) (query % windows.lefts.size()));
      for (int t = 0; t < box.t(); t++) {
        for (int h = top; h < top + windows.height; h++) {
          long start = ((long) t * box.h() + h) * box.w() + left;
          segment
              .asSlice(query * row + start * Float.BYTES, (long) windows.width * Float.BYTES)
              .fill((byte) 0);
        }
      }
    }
    return TorchTensor.over(torch, Tensor.of(DType.F32, Shape.of(1, 1, queries, keys), segment));
  }

  @Override
  public void close() {
    masks.values().forEach(TorchTensor::close);
    arena.close();
  }
}
