package org.t3jvm.tensor.reference;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.WindowIndex;

/** Softmax attention over groups of rows. */
final class ReferenceAttention {
  private final Op.Attention op;
  final double[] q;
  final double[] k;
  final double[] v;
  private final double @Nullable [] bias;
  private final double[] y;
  private final int columns;

  ReferenceAttention(Op.Attention op, ReferenceOps.Doubles doubles) {
    this.op = op;
    this.q = doubles.of(op.q());
    this.k = doubles.of(op.k());
    this.v = doubles.of(op.v());
    this.bias = op.bias() == null ? null : doubles.of(op.bias());
    this.y = new double[q.length];
    this.columns = op.q().shape().intDim(1);
  }

  /** What is done with a query row and the key rows that it attends to. */
  @FunctionalInterface
  interface Rows {
    void accept(int query, int[] keys);
  }

  static double[] attention(Op.Attention op, ReferenceOps.Doubles doubles) {
    ReferenceAttention attention = new ReferenceAttention(op, doubles);
    if (op.pattern() instanceof AttentionPattern.Windows windows
        && windows.grouping() == Grouping.BOTH) {
      windows(windows.index(Grouping.CLOSE), (query, keys) -> attention.attend(query, keys, 0.5));
      windows(windows.index(Grouping.REMOTE), (query, keys) -> attention.attend(query, keys, 0.5));
    } else {
      attention.onePass((query, keys) -> attention.attend(query, keys, 1));
    }
    return attention.y;
  }

  /** Visits every query once, of a pattern that is not the mean of two. */
  void onePass(Rows rows) {
    switch (op.pattern()) {
      case AttentionPattern.Full full -> {
        int[] keys = IntStream.range(0, op.k().shape().intDim(0)).toArray();
        IntStream.range(0, op.q().shape().intDim(0)).forEach(query -> rows.accept(query, keys));
      }
      case AttentionPattern.Windows windows ->
          windows(windows.index(windows.simplified().grouping()), rows);
    }
  }

  private static void windows(WindowIndex index, Rows visitor) {
    for (int g = 0; g < index.groups(); g++) {
      long base = index.base(g);
      WindowIndex.Extents window = index.extents(g);
      int[] rows =
          IntStream.range(0, window.tokens())
              .map(member -> Math.toIntExact(base + index.offset(window, member)))
              .toArray();
      for (int query : rows) {
        visitor.accept(query, rows);
      }
    }
  }

  /** Adds {@code share} of the attention of a query row to some key rows to the result. */
  private void attend(int query, int[] keys, double share) {
    int d = op.headDim();
    for (int head = 0; head < op.heads(); head++) {
      int at = query * columns + head * d;
      double[] scores = scores(head, query, keys);
      double max = Double.NEGATIVE_INFINITY;
      for (double score : scores) {
        max = Math.max(max, score);
      }
      double sum = 0;
      for (int j = 0; j < keys.length; j++) {
        scores[j] = Math.exp(scores[j] - max);
        sum += scores[j];
      }
      for (int j = 0; j < keys.length; j++) {
        int from = keys[j] * columns + head * d;
        double weight = share * scores[j] / sum;
        for (int i = 0; i < d; i++) {
          y[at + i] += weight * v[from + i];
        }
      }
    }
  }

  /** What the softmax of a head's query is taken of. */
  double[] scores(int head, int query, int[] keys) {
    int d = op.headDim();
    int at = query * columns + head * d;
    double[] scores = new double[keys.length];
    for (int j = 0; j < keys.length; j++) {
      double dot = 0;
      int from = keys[j] * columns + head * d;
      for (int i = 0; i < d; i++) {
        dot += q[at + i] * k[from + i];
      }
      scores[j] = dot * op.scale() + bias(head, query, keys[j]);
    }
    return scores;
  }

  private double bias(int head, int query, int key) {
    if (bias == null || op.bias() == null) {
      return 0;
    }
    Shape shape = op.bias().shape();
    int h = shape.dim(0) == 1 ? 0 : head;
    int row = shape.dim(1) == 1 ? 0 : query;
    return bias[(h * shape.intDim(1) + row) * shape.intDim(2) + key];
  }
}
