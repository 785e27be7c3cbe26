package org.t3jvm.tensor.graph.rewrite;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * What stands for a value [n, ...] in a graph of several examples: one value that all share, the
 * values of all on top of each other, [examples * n, ...], or a value each. The last two are made
 * of each other where they are needed.
 */
final class BatchedValue {
  private final Tracer to;
  private final int count;
  private final @Nullable Value shared;
  private @Nullable Value stacked;
  private @Nullable List<Value> split;

  private BatchedValue(
      Tracer to,
      int count,
      @Nullable Value shared,
      @Nullable Value stacked,
      @Nullable List<Value> split) {
    this.to = to;
    this.count = count;
    this.shared = shared;
    this.stacked = stacked;
    this.split = split;
  }

  static BatchedValue shared(Tracer to, int count, Value value) {
    return new BatchedValue(to, count, value, null, Collections.nCopies(count, value));
  }

  static BatchedValue stacked(Tracer to, int count, Value value) {
    return new BatchedValue(to, count, null, value, null);
  }

  static BatchedValue split(Tracer to, List<Value> values) {
    return new BatchedValue(to, values.size(), null, null, values);
  }

  boolean isShared() {
    return shared != null;
  }

  /** The value that all examples share. */
  Value shared() {
    return Objects.requireNonNull(shared);
  }

  /** The values of all examples on top of each other. */
  Value stacked() {
    if (stacked == null) {
      stacked = to.concat(0, split().toArray(Value[]::new));
    }
    return stacked;
  }

  /** The value of each example. */
  List<Value> split() {
    if (split == null) {
      Value all = stacked();
      long rows = all.shape().dim(0) / count;
      split = IntStream.range(0, count).mapToObj(i -> to.slice(all, 0, i * rows, rows)).toList();
    }
    return split;
  }
}
