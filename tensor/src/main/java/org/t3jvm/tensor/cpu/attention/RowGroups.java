package org.t3jvm.tensor.cpu.attention;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.WindowIndex;

/** Which rows of q attend to which rows of k and v, group by group. */
final class RowGroups {
  private final long[] bases;
  private final long[] queryOffsets;
  private final long[] keyOffsets;

  /**
   * Member i of group g is row {@code bases[g] + offsets[i]}.
   *
   * @param bases row of each group's first member
   * @param queryOffsets rows of the queries from there
   * @param keyOffsets rows of the keys from there
   */
  private RowGroups(long[] bases, long[] queryOffsets, long[] keyOffsets) {
    this.bases = bases;
    this.queryOffsets = queryOffsets;
    this.keyOffsets = keyOffsets;
  }

  /** One group of all rows. */
  static RowGroups full(Op.Attention op) {
    return new RowGroups(
        new long[1],
        LongStream.range(0, op.q().shape().dim(0)).toArray(),
        LongStream.range(0, op.k().shape().dim(0)).toArray());
  }

  /** The groups of a window pattern. */
  static RowGroups of(WindowIndex index) {
    long[] bases = IntStream.range(0, index.counts().windows()).mapToLong(index::base).toArray();
    long[] offsets = IntStream.range(0, index.groupSize()).mapToLong(index::offset).toArray();
    return new RowGroups(bases, offsets, offsets);
  }

  int groups() {
    return bases.length;
  }

  /** Row of a query. */
  long query(int group, int member) {
    return bases[group] + queryOffsets[member];
  }

  /** Row of a key. */
  long key(int group, int member) {
    return bases[group] + keyOffsets[member];
  }

  int queries() {
    return queryOffsets.length;
  }

  int keys() {
    return keyOffsets.length;
  }
}
