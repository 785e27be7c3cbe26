package org.t3jvm.tensor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.t3jvm.tensor.TensorAssert.assertThatTensor;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * What the reference backend computes, against examples worked by hand, closed forms and
 * identities: everything else is compared with the reference.
 */
class ReferenceOpsTest {
  /** Results are rounded to F32 once. */
  private static final double ROUNDING = 1e-7;

  private final ReferenceRun run = new ReferenceRun();
  private final Tracer g = run.g;

  @Test
  void linear() {
    Value x = run.of(Shape.of(2, 2), 1, 2, 3, 4);
    Value weight = run.of(Shape.of(3, 2), 1, 0, 0, 1, 1, -1);
    assertThatTensor(run.run(g.linear(x, weight, run.vector(10, 20, 30))))
        .hasElements(0, 11, 22, 29, 13, 24, 29);
  }

  @Test
  void linearUsesWeightsAsTheyAreStored() {
    Value x = run.of(Shape.of(1, 2), 1, 1000);
    // 0.1 is 0.10009765625 in BF16, 0.001 is 0.00099945068359375.
    Tensor weight = ReferenceRun.tensor(DType.BF16, Shape.of(1, 2), 0.1, 0.001);
    assertThatTensor(run.run(g.linear(x, run.of(weight), null)))
        .hasElements(ROUNDING, 0.10009765625 + 0.99945068359375);
  }

  /** In F32, 2^24 + 1 + 1 + ... stays 2^24. */
  @Test
  void sumsAreInFloat64() {
    double[] ones = new double[1001];
    ones[0] = 1 << 24;
    IntStream.range(1, ones.length).forEach(i -> ones[i] = 1);
    Value x = run.of(Shape.of(1, ones.length), ones);
    double[] weights = IntStream.range(0, ones.length).mapToDouble(i -> 1).toArray();
    assertThatTensor(run.run(g.linear(x, run.of(Shape.of(1, ones.length), weights), null)))
        .hasElements(0, (1 << 24) + 1000);
  }

  @Test
  void matMulOfTwoBatches() {
    Value a = run.of(Shape.of(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8);
    Value b = run.of(Shape.of(2, 2, 1), 1, 10, 2, 20);
    assertThatTensor(run.run(g.matMul(a, b, false))).hasElements(0, 21, 43, 130, 174);
  }

  @Test
  void matMulTransposed() {
    Value a = run.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Value b = run.of(Shape.of(2, 3), 1, 0, 1, 0, 1, 0);
    assertThatTensor(run.run(g.matMul(a, b, true))).hasElements(0, 4, 2, 10, 5);
  }

  @Test
  void rmsNorm() {
    Value x = run.of(Shape.of(2, 2), 3, 4, 1, 1);
    double rms = Math.sqrt(12.5);
    assertThatTensor(run.run(g.rmsNorm(x, run.vector(1, 10), 0)))
        .hasElements(1e-6, 3 / rms, 40 / rms, 1, 10);
  }

  @Test
  void rmsNormAddsEpsToTheMeanSquare() {
    Value x = run.of(Shape.of(2, 2), 1, 1, 0, 0);
    assertThatTensor(run.run(g.rmsNorm(x, null, 3))).hasElements(0, 0.5, 0.5, 0, 0);
  }

  @Test
  void layerNorm() {
    Value x = run.of(Shape.of(2, 3), 1, 2, 3, 1001, 1002, 1003);
    double edge = Math.sqrt(1.5);
    assertThatTensor(run.run(g.layerNorm(x, run.vector(1, 2, 3), run.vector(5, 6, 7), 0)))
        .hasElements(1e-6, 5 - edge, 6, 7 + 3 * edge, 5 - edge, 6, 7 + 3 * edge);
  }

  @Test
  void layerNormAddsEpsToTheBiasedVariance() {
    Value x = run.of(Shape.of(2, 2), -1, 1, 7, 7);
    assertThatTensor(run.run(g.layerNorm(x, null, null, 3))).hasElements(0, -0.5, 0.5, 0, 0);
  }

  @Test
  void l2Norm() {
    Value x = run.of(Shape.of(2, 2), 3, 4, -8, 6);
    double root = Math.sqrt(2);
    assertThatTensor(run.run(g.l2Norm(x, run.vector(1, 10), 1e-12f)))
        .hasElements(1e-6, 0.6 * root, 8 * root, -0.8 * root, 6 * root);
  }

  @Test
  void l2NormBoundsTheNormByEps() {
    Value x = run.of(Shape.of(2, 2), 0.3, 0.4, 0, 0);
    double root = Math.sqrt(2);
    assertThatTensor(run.run(g.l2Norm(x, null, 2)))
        .hasElements(ROUNDING, 0.15 * root, 0.2 * root, 0, 0);
  }

  /** Head of 8: t has 4 dims, h and w have 2 (SPEC 4), so the pairs turn at 1, 0.01, 1, 1. */
  @Test
  void ropeTurnsPairsByTheirAxesPositions() {
    TokenGrid grid = new TokenGrid(3, 4, 5);
    Tensor x = ReferenceRun.normal(1, grid.tokens(), 16);
    Tensor y = run.run(g.rope(run.of(x), 2, grid));
    int token = 0;
    for (int t = 0; t < 3; t++) {
      for (int h = 0; h < 4; h++) {
        for (int w = 0; w < 5; w++, token++) {
          double[] angles = {t, t * 0.01, h, w};
          for (int pair = 0; pair < 8; pair++) {
            requireTurned(x, y, token * 16L + 2L * pair, angles[pair % 4]);
          }
        }
      }
    }
  }

  /** The published head of 128: 44, 42 and 42 dims. */
  @Test
  void ropeOfThePublishedHead() {
    TokenGrid grid = new TokenGrid(2, 1, 241);
    Tensor x = ReferenceRun.normal(2, grid.tokens(), 128);
    Tensor y = run.run(g.rope(run.of(x), 1, grid));
    int token = 241 + 240;
    for (int pair = 0; pair < 64; pair++) {
      double angle =
          pair < 22
              ? Math.exp(-Math.log(10000) * pair / 22)
              : pair < 43 ? 0 : 240 * Math.exp(-Math.log(10000) * (pair - 43) / 21);
      requireTurned(x, y, token * 128L + 2L * pair, angle);
    }
  }

  /** A pair is a complex number: its size stays, its angle grows. */
  private static void requireTurned(Tensor x, Tensor y, long at, double angle) {
    double size = Math.hypot(x.getDouble(at), x.getDouble(at + 1));
    double turned = Math.atan2(x.getDouble(at + 1), x.getDouble(at)) + angle;
    assertThat(Math.hypot(y.getDouble(at), y.getDouble(at + 1)))
        .as("size of the pair at %d", at)
        .isCloseTo(size, within(1e-6));
    assertThat(y.getDouble(at)).as("at %d", at).isCloseTo(size * Math.cos(turned), within(1e-6));
    assertThat(y.getDouble(at + 1))
        .as("at %d", at + 1)
        .isCloseTo(size * Math.sin(turned), within(1e-6));
  }

  /** What rotary embedding is for: products depend on the distance of two tokens alone. */
  @Test
  void ropeMakesProductsDependOnDistances() {
    TokenGrid grid = new TokenGrid(4, 5, 6);
    Tensor q = ReferenceRun.normal(3, 1, 24);
    Tensor k = ReferenceRun.normal(5, 1, 24);
    Tensor zeros = Tensor.allocate(DType.F32, Shape.of(grid.tokens(), 24));
    Value turnedQ = g.rope(g.add(run.of(zeros), run.of(q)), 1, grid);
    Value turnedK = g.rope(g.add(run.of(zeros), run.of(k)), 1, grid);
    Tensor products = run.run(g.matMul(turnedQ, turnedK, true));
    // From (0, 1, 0) to (1, 3, 3), and from (2, 2, 2) to (3, 4, 5).
    double near = products.getDouble(6 * grid.tokens() + (5 + 3) * 6 + 3);
    double far =
        products.getDouble(
            (2 * 5 + 2) * 6 * grid.tokens() + 2 * grid.tokens() + (3 * 5 + 4) * 6 + 5);
    assertThat(far).isCloseTo(near, within(1e-5));
    assertThat(products.getDouble(0)).isNotCloseTo(near, within(1e-2));
  }

  @ParameterizedTest
  @CsvSource({
    "SILU, 0, 0",
    "SILU, 1, 0.7310585786300049",
    "SILU, -1, -0.2689414213699951",
    "SILU, 100, 100",
    "SILU, -200, -2.8e-85",
    "GELU_TANH, 0, 0",
    "GELU_TANH, 1, 0.8411919906082768",
    "GELU_TANH, -1, -0.15880800939172324",
    "GELU_TANH, 3, 2.996362607918227",
    "GELU_TANH, -50, 0",
    "EXP, 1, 2.718281828459045",
    "EXP, -1, 0.36787944117144233",
    "EXP, 89, Infinity",
    "SQRT, 2, 1.4142135623730951",
    "SQRT, 0, 0",
    "SQRT, -1, NaN"
  })
  void unary(Op.Unary.Kind kind, double x, double y) {
    Value value = run.vector(x);
    Value result =
        switch (kind) {
          case SILU -> g.silu(value);
          case GELU_TANH -> g.geluTanh(value);
          case EXP -> g.exp(value);
          case SQRT -> g.sqrt(value);
        };
    assertThatTensor(run.run(result)).hasElements(3 * ROUNDING, y);
  }

  /** f(x) - f(-x) = x for x times a function whose values at x and -x sum to 1. */
  @Test
  void siluAndGeluAreOddButForHalfOfX() {
    Tensor x = ReferenceRun.normal(4, 1000);
    Value value = run.of(x);
    Value negative = g.affine(value, -1, 0);
    Value silu = g.sub(g.silu(value), g.silu(negative));
    Value gelu = g.sub(g.geluTanh(value), g.geluTanh(negative));
    Tensor both = run.run(g.concat(0, silu, gelu));
    for (int i = 0; i < 2000; i++) {
      assertThat(both.getDouble(i)).isCloseTo(x.getDouble(i % 1000), within(1e-6));
    }
  }

  @Test
  void affineAndClamp() {
    Value x = run.vector(-2, 0, 0.5, 3);
    Value y = g.concat(0, g.affine(x, 2, -1), g.clamp(x, -1, 1));
    assertThatTensor(run.run(y)).hasElements(0, -5, -1, 0, 5, -1, 0, 0.5, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "ADD, 3, 5, 7, 9",
    "SUB, -1, -1, 1, 1",
    "MUL, 2, 6, 12, 20",
    "DIV, 0.5, 0.6666667, 1.3333334, 1.25"
  })
  void binary(Op.Binary.Kind kind, double w, double x, double y, double z) {
    BiFunction<Value, Value, Value> op =
        switch (kind) {
          case ADD -> g::add;
          case SUB -> g::sub;
          case MUL -> g::mul;
          case DIV -> g::div;
        };
    Value result = op.apply(run.vector(1, 2, 4, 5), run.vector(2, 3, 3, 4));
    assertThatTensor(run.run(result)).hasElements(1e-6, w, x, y, z);
  }

  @Test
  void binaryBroadcastsRightAlignedAxes() {
    Value column = run.of(Shape.of(2, 1), 10, 20);
    Value row = run.vector(1, 2, 3);
    Value matrix = g.sub(column, row);
    assertThat(matrix.shape()).isEqualTo(Shape.of(2, 3));
    Value cube = g.add(matrix, run.of(Shape.of(2, 1, 1), 100, 200));
    assertThatTensor(run.run(cube))
        .hasElements(0, 109, 108, 107, 119, 118, 117, 209, 208, 207, 219, 218, 217);
  }

  @Test
  void modulate() {
    Value x = run.of(Shape.of(2, 2), 1, 2, 3, 4);
    Value shift = run.vector(10, 20);
    Value scale = run.of(Shape.of(2, 1), 0, 1);
    assertThatTensor(run.run(g.modulate(x, shift, scale))).hasElements(0, 11, 22, 16, 28);
  }

  @Test
  void gatedResidual() {
    Value x = run.of(Shape.of(2, 2), 1, 2, 3, 4);
    Value y = run.of(Shape.of(2, 2), 10, 20, 30, 40);
    assertThatTensor(run.run(g.gatedResidual(x, run.vector(0.5, 2), y)))
        .hasElements(0, 6, 42, 18, 84);
  }

  @Test
  void softmax() {
    double log3 = Math.log(3);
    Value x = run.of(Shape.of(3, 2), 0, log3, 1000, 1000 + log3, Double.NEGATIVE_INFINITY, -5);
    // 1000 + log 3 is rounded to F32.
    assertThatTensor(run.run(g.softmax(x))).hasElements(1e-4, 0.25, 0.75, 0.25, 0.75, 0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "SUM, 0, '5, 7, 9'",
    "SUM, 1, '6, 15'",
    "MEAN, 0, '2.5, 3.5, 4.5'",
    "MEAN, 1, '2, 5'",
    "MAX, 0, '4, 5, 6'",
    "MAX, -1, '3, 6'"
  })
  void reduce(Op.Reduce.Kind kind, int axis, String expected) {
    Value x = run.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Value y = g.reduce(kind, x, axis);
    assertThat(y.shape()).isEqualTo(axis == 0 ? Shape.of(1, 3) : Shape.of(2, 1));
    assertThatTensor(run.run(y)).hasElements(0, numbers(expected));
  }

  private static double[] numbers(String list) {
    return Arrays.stream(list.split(", ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void embedding() {
    Tensor table = ReferenceRun.tensor(DType.F16, Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Value ids = run.of(Tensor.ofLongs(Shape.of(2, 2), 2, 0, 0, 1));
    Tensor y = run.run(g.embedding(run.of(table), ids));
    assertThat(y.dtype()).isEqualTo(DType.F32);
    assertThatTensor(y).hasElements(0, 5, 6, 1, 2, 1, 2, 3, 4);
  }

  @Test
  void embeddingNamesAnIdOutsideOfTheTable() {
    Value table = run.of(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Value y = g.embedding(table, run.of(Tensor.ofLongs(Shape.of(2), 0, 3)));
    assertThatThrownBy(() -> run.run(y))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("id 3 at 1")
        .hasMessageContaining("F32 [3, 2]");
  }

  @Test
  void embeddingHasNoIdsFromTheEnd() {
    Value table = run.of(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Value y = g.embedding(table, run.of(Tensor.ofLongs(Shape.of(1), -1)));
    assertThatThrownBy(() -> run.run(y))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("id -1 at 0");
  }

  @Test
  void softmaxOfVeryNegativeRows() {
    Value x = run.of(Shape.of(1, 3), -1e30, -1e30, -2e30);
    assertThatTensor(run.run(g.softmax(x))).hasElements(0, 0.5, 0.5, 0);
  }

  @Test
  void maximumOfNegativeNumbers() {
    Value x = run.of(Shape.of(2, 2), -3, -1, -2, -4);
    assertThatTensor(run.run(g.reduce(Op.Reduce.Kind.MAX, x, 1))).hasElements(0, -1, -2);
  }
}
