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
  private final double[] q;
  private final double[] k;
  private final double[] v;
  private final double @Nullable [] bias;
  private final double[] y;
  private final int columns;

  private ReferenceAttention(Op.Attention op, ReferenceOps.Doubles doubles) {
    this.op = op;
    this.q = doubles.of(op.q());
    this.k = doubles.of(op.k());
    this.v = doubles.of(op.v());
    this.bias = op.bias() == null ? null : doubles.of(op.bias());
    this.y = new double[q.length];
    this.columns = op.q().shape().intDim(1);
  }

  static double[] attention(Op.Attention op, ReferenceOps.Doubles doubles) {
    ReferenceAttention attention = new ReferenceAttention(op, doubles);
    switch (op.pattern()) {
      case AttentionPattern.Full full ->
          attention.group(
              IntStream.range(0, op.q().shape().intDim(0)).toArray(),
              IntStream.range(0, op.k().shape().intDim(0)).toArray(),
              1);
      case AttentionPattern.Windows windows when windows.grouping() == Grouping.BOTH -> {
        attention.windows(windows.index(Grouping.CLOSE), 0.5);
        attention.windows(windows.index(Grouping.REMOTE), 0.5);
      }
      case AttentionPattern.Windows windows ->
          attention.windows(windows.index(windows.grouping()), 1);
    }
    return attention.y;
  }

  private void windows(WindowIndex index, double share) {
    for (int g = 0; g < index.groups(); g++) {
      long base = index.base(g);
      WindowIndex.Extents window = index.extents(g);
      int[] rows =
          IntStream.range(0, window.tokens())
              .map(member -> Math.toIntExact(base + index.offset(window, member)))
              .toArray();
      group(rows, rows, share);
    }
  }

  /** Adds {@code share} of the attention of some query rows to some key rows to the result. */
  private void group(int[] queries, int[] keys, double share) {
    int d = op.headDim();
    double[] scores = new double[keys.length];
    for (int head = 0; head < op.heads(); head++) {
      for (int query : queries) {
        int at = query * columns + head * d;
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < keys.length; j++) {
          double dot = 0;
          int from = keys[j] * columns + head * d;
          for (int i = 0; i < d; i++) {
            dot += q[at + i] * k[from + i];
          }
          scores[j] = dot * op.scale() + bias(head, query, keys[j]);
          max = Math.max(max, scores[j]);
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
