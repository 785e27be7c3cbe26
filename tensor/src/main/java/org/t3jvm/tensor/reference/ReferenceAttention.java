package org.t3jvm.tensor.reference;

import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowMap;

/** Softmax attention over the tiles of a pattern. */
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
    RowMap rows = op.pattern().rows(op.q().shape().dim(0), op.k().shape().dim(0));
    for (RowMap.Pass pass : rows.passes()) {
      visit(pass, (query, keys) -> attention.attend(query, keys, pass.share()));
    }
    return attention.y;
  }

  /** Visits every query once, of a pattern that is not the mean of two. */
  void onePass(Rows visitor) {
    RowMap rows = op.pattern().simplified().rows(op.q().shape().dim(0), op.k().shape().dim(0));
    visit(rows.passes().getFirst(), visitor);
  }

  private static void visit(RowMap.Pass pass, Rows visitor) {
    for (RowMap.Tile tiles : pass.tiles()) {
      for (RowMap.Tile tile : tiles.whole()) {
        int[] keys = rows(tile.keys(), tile::key);
        for (int query : rows(tile.queries().rows(), tile.queries()::row)) {
          visitor.accept(query, keys);
        }
      }
    }
  }

  private static int[] rows(int count, IntToLongFunction row) {
    return IntStream.range(0, count).map(i -> Math.toIntExact(row.applyAsLong(i))).toArray();
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
