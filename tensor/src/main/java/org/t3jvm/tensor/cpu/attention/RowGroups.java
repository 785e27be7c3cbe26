package org.t3jvm.tensor.cpu.attention;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.WindowIndex;

/** Which rows of q attend to which rows of k and v, group by group. */
final class RowGroups {
  private final long[] bases;
  private final long[][] queryOffsets;
  private final long[][] keyOffsets;

  /**
   * Member i of group g is row {@code bases[g] + offsets[g][i]}. Groups may share their offsets.
   *
   * @param bases row of each group's first member
   * @param queryOffsets rows of each group's queries from there
   * @param keyOffsets rows of each group's keys from there
   */
  private RowGroups(long[] bases, long[][] queryOffsets, long[][] keyOffsets) {
    this.bases = bases;
    this.queryOffsets = queryOffsets;
    this.keyOffsets = keyOffsets;
  }

  /** One group of all rows. */
  static RowGroups full(Op.Attention op) {
    return new RowGroups(
        new long[1],
        new long[][] {LongStream.range(0, op.q().shape().dim(0)).toArray()},
        new long[][] {LongStream.range(0, op.k().shape().dim(0)).toArray()});
  }

  /** The groups of a window pattern. */
  static RowGroups of(WindowIndex index) {
    long[] bases = IntStream.range(0, index.groups()).mapToLong(index::base).toArray();
    Map<WindowIndex.Extents, long[]> shared = new HashMap<>();
    long[][] offsets = new long[bases.length][];
    for (int g = 0; g < offsets.length; g++) {
      offsets[g] = shared.computeIfAbsent(index.extents(g), window -> offsets(index, window));
    }
    return new RowGroups(bases, offsets, offsets);
  }

  private static long[] offsets(WindowIndex index, WindowIndex.Extents window) {
    return IntStream.range(0, window.tokens())
        .mapToLong(member -> index.offset(window, member))
        .toArray();
  }

  int groups() {
    return bases.length;
  }

  /** Row of a query. */
  long query(int group, int member) {
    return bases[group] + queryOffsets[group][member];
  }

  /** Row of a key. */
  long key(int group, int member) {
    return bases[group] + keyOffsets[group][member];
  }

  int queries(int group) {
    return queryOffsets[group].length;
  }

  int keys(int group) {
    return keyOffsets[group].length;
  }

  /** Queries of the largest group. */
  int mostQueries() {
    return most(queryOffsets);
  }

  /** Keys of the largest group. */
  int mostKeys() {
    return most(keyOffsets);
  }

  private static int most(long[][] offsets) {
    int most = 0;
    for (long[] group : offsets) {
      most = Math.max(most, group.length);
    }
    return most;
  }
}
