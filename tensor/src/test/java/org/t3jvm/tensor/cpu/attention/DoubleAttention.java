package org.t3jvm.tensor.cpu.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * Attention in plain double loops. Who attends to whom comes from token coordinates (SPEC 5), pair
 * by pair.
 */
final class DoubleAttention {
  private final AttentionCase c;

  /** Largest sum of a score's absolute terms, which its rounding error is relative to. */
  private double largestScore;

  private DoubleAttention(AttentionCase c) {
    this.c = c;
  }

  /** Checks a result; rows that attend to nothing may hold anything. */
  static void assertMatches(AttentionCase c, float[] actual, String seeds) {
    DoubleAttention attention = new DoubleAttention(c);
    double[] expected = attention.result();
    double tolerance = 1e-6 * (4 + 0.2 * Math.sqrt(c.dim) * attention.largestScore);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      if (!Double.isNaN(expected[i])
          && !(Math.abs(actual[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i])))) {
        int columns = c.heads * c.dim;
        throw new AssertionError(
            "%s, %s: row %d column %d is %s, expected %s within %.1e"
                .formatted(c, seeds, i / columns, i % columns, actual[i], expected[i], tolerance));
      }
    }
  }

  private double[] result() {
    if (c.pattern instanceof AttentionPattern.Windows windows
        && windows.grouping() == Grouping.BOTH) {
      double[] close = pass(Grouping.CLOSE);
      double[] remote = pass(Grouping.REMOTE);
      for (int i = 0; i < close.length; i++) {
        close[i] = 0.5 * close[i] + 0.5 * remote[i];
      }
      return close;
    }
    return pass(c.pattern instanceof AttentionPattern.Windows w ? w.grouping() : Grouping.CLOSE);
  }

  private double[] pass(Grouping grouping) {
    double[] y = new double[c.queries * c.heads * c.dim];
    for (int query = 0; query < c.queries; query++) {
      for (int head = 0; head < c.heads; head++) {
        row(grouping, query, head, y);
      }
    }
    return y;
  }

  private void row(Grouping grouping, int query, int head, double[] y) {
    double[] scores = new double[c.keys];
    double max = Double.NEGATIVE_INFINITY;
    int at = (query * c.heads + head) * c.dim;
    for (int key = 0; key < c.keys; key++) {
      scores[key] =
          attends(grouping, query, key) ? score(query, key, head) : Double.NEGATIVE_INFINITY;
      max = Math.max(max, scores[key]);
    }
    double sum = 0;
    for (int key = 0; key < c.keys; key++) {
      double weight = Math.exp(scores[key] - max);
      sum += weight;
      for (int i = 0; i < c.dim; i++) {
        y[at + i] += weight * c.v[(key * c.heads + head) * c.dim + i];
      }
    }
    for (int i = 0; i < c.dim; i++) {
      y[at + i] /= sum;
    }
  }

  private double score(int query, int key, int head) {
    double dot = 0;
    double size = 0;
    for (int i = 0; i < c.dim; i++) {
      double product =
          (double) c.q[(query * c.heads + head) * c.dim + i]
              * c.k[(key * c.heads + head) * c.dim + i];
      dot += product;
      size += Math.abs(product);
    }
    double bias = bias(head, query, key);
    if (Double.isFinite(bias)) {
      largestScore = Math.max(largestScore, c.scale * size + Math.abs(bias));
    }
    return c.scale * dot + bias;
  }

  private double bias(int head, int query, int key) {
    if (c.bias == null) {
      return 0;
    }
    Shape shape = Objects.requireNonNull(c.biasShape);
    int h = shape.dim(0) == 1 ? 0 : head;
    int row = shape.dim(1) == 1 ? 0 : query;
    float bias = c.bias[(h * shape.intDim(1) + row) * c.keys + key];
    return bias <= -3e38f ? Double.NEGATIVE_INFINITY : bias;
  }

  private boolean attends(Grouping grouping, int query, int key) {
    return switch (c.pattern) {
      case AttentionPattern.Full _ -> true;
      case AttentionPattern.Windows windows -> attends(windows, grouping, query, key);
      case AttentionPattern.Inward inward -> attends(inward, query, key);
    };
  }

  /** The formula with its corrections at the edges (SPEC 20.2), and the extra keys. */
  private static boolean attends(AttentionPattern.Inward inward, int query, int key) {
    TokenGrid grid = inward.grid();
    int w = grid.w();
    return key >= grid.tokens()
        || (sees(query / w % grid.h(), key / w % grid.h(), grid.h(), inward.reachH())
            && sees(query % w, key % w, w, inward.reachW()));
  }

  private static boolean sees(int centre, int other, int extent, int reach) {
    return centre - reach - Math.max(0, centre + reach - extent + 1) <= other
        && other <= centre + reach + Math.max(0, reach - centre);
  }

  private static boolean attends(
      AttentionPattern.Windows windows, Grouping grouping, int query, int key) {
    TokenGrid grid = windows.grid();
    WindowCounts counts = windows.counts();
    int frame = grid.h() * grid.w();
    return same(grouping, query / frame, key / frame, grid.t(), counts.t())
        && same(grouping, query % frame / grid.w(), key % frame / grid.w(), grid.h(), counts.h())
        && same(grouping, query % grid.w(), key % grid.w(), grid.w(), counts.w());
  }

  /** Whether two coordinates of one axis fall into one of {@code count} windows. */
  private static boolean same(Grouping grouping, int a, int b, int extent, int count) {
    return grouping == Grouping.CLOSE
        ? boundsUpTo(a, extent, count) == boundsUpTo(b, extent, count)
        : a % count == b % count;
  }

  /** How many of the bounds {@code i * extent / count} between windows lie at or before x. */
  private static int boundsUpTo(int x, int extent, int count) {
    int bounds = 0;
    for (int i = 1; i < count; i++) {
      bounds += i * extent / count <= x ? 1 : 0;
    }
    return bounds;
  }
}
