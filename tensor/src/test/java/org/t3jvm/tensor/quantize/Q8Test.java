package org.t3jvm.tensor.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

class Q8Test {
  private static final long SEED = 11;
  private static final int THREADS = 3;

  /** A weight's codes and scales. */
  private record Quantised(Tensor codes, Tensor scales) {
    static Quantised of(Tensor weight) {
      Tensor scales = Tensor.allocate(DType.F32, Q8.scalesShape(weight.shape()));
      Q8.scales(weight, scales, THREADS);
      Tensor codes = Tensor.allocate(DType.I8, weight.shape());
      Q8.codes(weight, scales, codes, THREADS);
      return new Quantised(codes, scales);
    }
  }

  private static Tensor normal(DType dtype, double deviation, long... dims) {
    Random random = new Random(SEED);
    Tensor tensor = Tensor.allocate(dtype, Shape.of(dims));
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.setDouble(i, deviation * random.nextGaussian());
    }
    return tensor;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "F16", "F64"})
  void everyWeightIsWithinHalfAScale(DType dtype) {
    for (long columns : new long[] {1, 63, 64, 65, 200}) {
      // Rows enough for several tasks, and weights from tiny to huge.
      for (double deviation : new double[] {1, 1e-6, 100, 1e-39}) {
        Tensor weight = normal(dtype, deviation, 1500, columns);
        requireClose(weight, Quantised.of(weight), "%s, deviation %s".formatted(dtype, deviation));
      }
    }
  }

  /** The scale and the quotient are each rounded once to F32, of at most 127.5. */
  private static void requireClose(Tensor weight, Quantised made, String what) {
    long columns = weight.shape().dim(1);
    long blocks = made.scales.shape().dim(1);
    for (long row = 0; row < weight.shape().dim(0); row++) {
      for (long block = 0; block < blocks; block++) {
        double scale = made.scales.getDouble(row * blocks + block);
        double largest = 0;
        for (long k = block * Q8.BLOCK; k < Math.min(columns, (block + 1) * Q8.BLOCK); k++) {
          long i = row * columns + k;
          double exact = (float) weight.getDouble(i);
          largest = Math.max(largest, Math.abs(exact));
          long code = made.codes.getLong(i);
          // Without a fluent assertion: there are ten million weights.
          boolean near = Math.abs(exact - code * scale) <= scale * (0.5 + 128 * 0x1p-23);
          if (!near || Math.abs(code) > 127) {
            throw new AssertionError(
                "%s, seed %d, weight %d: %s became %d of %s"
                    .formatted(what, SEED, i, exact, code, scale));
          }
        }
        if (largest > 1e-30) {
          assertThat(scale).isCloseTo(largest / 127, offset(scale / 1e6));
        }
      }
    }
  }

  @Test
  void ofKnownNumbers() {
    Tensor weight = Tensor.allocate(DType.F32, Shape.of(2, 66));
    double[] row = {127, -127, 0, 1.4, 1.6, -1.5, 2.5, 126.4};
    for (int i = 0; i < row.length; i++) {
      weight.setDouble(i, row[i]);
    }
    weight.setDouble(65, -1e-3);
    Quantised made = Quantised.of(weight);
    assertThat(made.scales.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(made.scales.toFloats()).containsExactly(1, 1e-3f / 127, 0, 0);
    assertThat(made.codes.rows(0, 1).toLongs())
        .startsWith(127, -127, 0, 1, 2, -2, 2, 126, 0)
        .endsWith(0, -127);
    assertThat(made.codes.rows(1, 1).toLongs()).containsOnly(0);
  }

  @Test
  void damagedWeightsAreRefused() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      Tensor weight = normal(DType.BF16, 1, 900, 80);
      weight.setDouble(700 * 80 + 79, value);
      assertThatThrownBy(() -> Quantised.of(weight))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("row 700 of BF16 [900, 80] has NaN or infinity");
    }
  }

  @Test
  void whatIsNoFloatingMatrixIsRefused() {
    Tensor scales = Tensor.allocate(DType.F32, Shape.of(3, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Q8.scales(Tensor.allocate(DType.I8, Shape.of(3, 4)), scales, 1))
        .withMessageContaining("q8: weight I8 [3, 4] cannot have F32 [3, 1]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Q8.codes(
                    normal(DType.F32, 1, 3, 4),
                    scales,
                    Tensor.allocate(DType.I8, Shape.of(3, 5)),
                    1))
        .withMessage(
            "q8: weight F32 [3, 4] cannot have I8 [3, 5]; a floating matrix has I8 [3, 4]");
    assertThat(Q8.takes(DType.F32, Shape.of(3, 0))).isFalse();
    assertThat(Q8.takes(DType.F32, Shape.of(3))).isFalse();
  }
}
