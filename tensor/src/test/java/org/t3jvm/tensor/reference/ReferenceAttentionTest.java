package org.t3jvm.tensor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.t3jvm.tensor.TensorAssert.assertThatTensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.WindowCounts;

/** The reference's attention, against examples by hand and full attention under a mask. */
class ReferenceAttentionTest {
  private static final AttentionPattern FULL = new AttentionPattern.Full();
  private static final double LOG3 = Math.log(3);

  private final ReferenceRun run = new ReferenceRun();
  private final Tracer g = run.g;

  @Test
  void weighsValuesByTheSoftmaxOfScores() {
    Value q = run.of(Shape.of(2, 1), 1, 0);
    Value k = run.of(Shape.of(2, 1), 0, 2 * LOG3);
    Value v = run.of(Shape.of(2, 1), 100, 200);
    assertThatTensor(run.run(g.attention(q, k, v, 1, 0.5f, FULL, null)))
        .hasElements(1e-4, 175, 150);
  }

  @Test
  void headsAreContiguousColumns() {
    Value q = run.of(Shape.of(1, 4), 1, 0, 0, 1);
    Value k = run.of(Shape.of(2, 4), 0, 9, 9, 0, LOG3, 9, 9, -LOG3);
    Value v = run.of(Shape.of(2, 4), 0, 10, 20, 30, 100, 110, 120, 130);
    assertThatTensor(run.run(g.attention(q, k, v, 2, 1, FULL, null)))
        .hasElements(1e-4, 75, 85, 45, 55);
  }

  @Test
  void oneKeyGivesItsValue() {
    Tensor v = ReferenceRun.normal(3, 1, 6);
    Value q = run.of(ReferenceRun.normal(1, 4, 6));
    Value y = g.attention(q, run.of(ReferenceRun.normal(2, 1, 6)), run.of(v), 2, 1, FULL, null);
    Tensor result = run.run(y);
    for (int row = 0; row < 4; row++) {
      assertThatTensor(result.rows(row, 1)).hasBitsOf(v);
    }
  }

  /** Scores of 10^6 overflow no exponential: the largest takes all. */
  @Test
  void hugeScoresPickTheLargest() {
    Value q = run.of(Shape.of(1, 1), 1e6);
    Value k = run.of(Shape.of(3, 1), 1, 3, 2);
    Value v = run.of(Shape.of(3, 1), 10, 20, 30);
    assertThatTensor(run.run(g.attention(q, k, v, 1, 1, FULL, null))).hasElements(0, 20);
  }

  @Test
  void biasIsAddedAfterTheScale() {
    Value q = run.of(Shape.of(2, 2), 0, 0, 0, 0);
    Value k = run.of(Shape.of(2, 2), 1, 2, 3, 4);
    Value v = run.of(Shape.of(2, 2), 0, 0, 100, 100);
    // Heads x queries x keys.
    Value bias = run.of(Shape.of(2, 2, 2), 0, 0, 0, LOG3, LOG3, 0, 0, Double.NEGATIVE_INFINITY);
    assertThatTensor(run.run(g.attention(q, k, v, 2, 0.25f, FULL, bias)))
        .hasElements(1e-4, 50, 25, 75, 0);
  }

  @Test
  void biasIsSharedByHeadsAndByQueries() {
    Value q = run.of(Shape.of(2, 2), 0, 0, 0, 0);
    Value v = run.of(Shape.of(2, 2), 0, 0, 100, 100);
    Value byHead = run.of(Shape.of(2, 1, 2), 0, 0, 0, LOG3);
    Value byQuery = run.of(Shape.of(1, 2, 2), 0, LOG3, LOG3, 0);
    Value first = g.attention(q, v, v, 2, 1, FULL, byHead);
    Value second = g.attention(q, v, v, 2, 1, FULL, byQuery);
    assertThatTensor(run.run(g.concat(0, first, second)))
        .hasElements(1e-4, 50, 75, 50, 75, 75, 75, 25, 25);
  }

  static List<AttentionPattern.Windows> windows() {
    List<AttentionPattern.Windows> windows = new ArrayList<>();
    TokenGrid grid = new TokenGrid(2, 4, 6);
    for (int t : new int[] {1, 2}) {
      for (int h = 1; h <= 4; h++) {
        for (int w : new int[] {1, 2, 4, 6}) {
          for (Grouping grouping : Grouping.values()) {
            windows.add(new AttentionPattern.Windows(grid, new WindowCounts(t, h, w), grouping));
          }
        }
      }
    }
    return windows;
  }

  /** SPEC 5: two tokens meet where their groups are the same; both groupings are averaged. */
  @ParameterizedTest
  @MethodSource("windows")
  void windowsEqualFullAttentionUnderAMask(AttentionPattern.Windows windows) {
    Tensor q = ReferenceRun.normal(1, 48, 12);
    Tensor k = ReferenceRun.normal(2, 48, 12);
    Tensor v = ReferenceRun.normal(3, 48, 12);
    double[] expected = new double[48 * 12];
    if (windows.grouping() != Grouping.REMOTE) {
      add(expected, q, k, v, (token, axis) -> close(windows, token, axis));
    }
    if (windows.grouping() != Grouping.CLOSE) {
      add(expected, q, k, v, (token, axis) -> remote(windows, token, axis));
    }
    int passes = windows.grouping() == Grouping.BOTH ? 2 : 1;
    for (int i = 0; i < expected.length; i++) {
      expected[i] /= passes;
    }
    Value y = g.attention(run.of(q), run.of(k), run.of(v), 3, 0.5f, windows, null);
    assertThatTensor(run.run(y)).hasElements(1e-6, expected);
  }

  private static int close(AttentionPattern.Windows windows, int token, int axis) {
    return switch (axis) {
      case 0 -> boundsUpTo(token / 24, 2, windows.counts().t());
      case 1 -> boundsUpTo(token / 6 % 4, 4, windows.counts().h());
      default -> boundsUpTo(token % 6, 6, windows.counts().w());
    };
  }

  /** How many of the bounds {@code i * extent / count} between windows lie at or before x. */
  private static int boundsUpTo(int x, int extent, int count) {
    return (int) IntStream.range(1, count).filter(i -> i * extent / count <= x).count();
  }

  private static int remote(AttentionPattern.Windows windows, int token, int axis) {
    return switch (axis) {
      case 0 -> token / 24 % windows.counts().t();
      case 1 -> token / 6 % 4 % windows.counts().h();
      default -> token % 6 % windows.counts().w();
    };
  }

  /** Adds softmax attention, 3 heads of 4, scale 1/2, of tokens with the same group. */
  private static void add(
      double[] y, Tensor q, Tensor k, Tensor v, IntBinaryOperator groupAlongAxis) {
    for (int column = 0; column < 12; column++) {
      int head = column / 4 * 4;
      for (int query = 0; query < 48; query++) {
        double weights = 0;
        double sum = 0;
        for (int key = 0; key < 48; key++) {
          boolean meets = true;
          for (int axis = 0; axis < 3; axis++) {
            meets &= groupAlongAxis.applyAsInt(query, axis) == groupAlongAxis.applyAsInt(key, axis);
          }
          if (meets) {
            double score = 0;
            for (int i = head; i < head + 4; i++) {
              score += 0.5 * q.getDouble(query * 12 + i) * k.getDouble(key * 12 + i);
            }
            weights += Math.exp(score);
            sum += Math.exp(score) * v.getDouble(key * 12 + column);
          }
        }
        y[query * 12 + column] += sum / weights;
      }
    }
  }

  /** Windows of one token give every token its own value. */
  @ParameterizedTest
  @EnumSource(Grouping.class)
  void aWindowOfOneTokenGivesItsValue(Grouping grouping) {
    TokenGrid grid = new TokenGrid(2, 3, 4);
    Tensor v = ReferenceRun.normal(3, 24, 8);
    AttentionPattern each = new AttentionPattern.Windows(grid, new WindowCounts(2, 3, 4), grouping);
    Value q = run.of(ReferenceRun.normal(1, 24, 8));
    Tensor y = run.run(g.attention(q, q, run.of(v), 2, 1, each, null));
    assertThatTensor(y).hasBitsOf(v);
  }

  /** A key that stands for n equal ones gets log n added to its score. */
  @Test
  void logOfACountFoldsEqualKeys() {
    Tensor q = ReferenceRun.normal(1, 5, 6);
    Tensor k = ReferenceRun.normal(2, 4, 6);
    Tensor v = ReferenceRun.normal(3, 4, 6);
    Value lastK = g.slice(run.of(k), 0, 3, 1);
    Value lastV = g.slice(run.of(v), 0, 3, 1);
    Value manyK = g.concat(0, run.of(k), lastK, lastK);
    Value manyV = g.concat(0, run.of(v), lastV, lastV);
    Value many = g.attention(run.of(q), manyK, manyV, 2, 1, FULL, null);
    Value bias = run.of(Shape.of(1, 1, 4), 0, 0, 0, LOG3);
    Value folded = g.attention(run.of(q), run.of(k), run.of(v), 2, 1, FULL, bias);
    Tensor difference = run.run(g.sub(many, folded));
    assertThat(difference.dtype()).isEqualTo(DType.F32);
    assertThatTensor(difference).hasElements(1e-6, new double[30]);
  }
}
