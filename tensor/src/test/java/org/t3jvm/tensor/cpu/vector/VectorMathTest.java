package org.t3jvm.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** Runs at the machine's vector width, and in further executions at every forced one. */
class VectorMathTest {
  private static final double LARGEST = StrictMath.log(Float.MAX_VALUE);
  private static final double SMALLEST = StrictMath.log(Float.MIN_NORMAL);

  /** Floats of all magnitudes and both signs: every 1009th bit pattern. */
  private static final int BITS_STEP = 1009;

  @Test
  void expIsExactToTwoParts() {
    forFloats(
        VectorMath::exp,
        (x, y) -> {
          if (Float.isNaN(x)) {
            assertThat(y).as("exp(NaN)").isNaN();
          } else if (x > LARGEST) {
            assertThat(y).as("exp(%s)", x).isEqualTo(Float.POSITIVE_INFINITY);
          } else if (x < SMALLEST) {
            assertThat(y).as("exp(%s)", x).isEqualTo(0f);
          } else {
            requireClose("exp", x, y, StrictMath.exp(x), 2e-7, 0);
          }
        });
  }

  @Test
  void expAtTheEdges() {
    float high = (float) LARGEST;
    float low = (float) SMALLEST;
    for (int ulps = -200; ulps <= 200; ulps++) {
      for (float edge : new float[] {high, low, 0f, 1f, -1f, (float) StrictMath.log(2) / 2}) {
        float x = edge + ulps * Math.ulp(edge);
        float y = apply(VectorMath::exp, x);
        if (x > LARGEST) {
          assertThat(y).as("exp(%s)", x).isEqualTo(Float.POSITIVE_INFINITY);
        } else if (x < SMALLEST) {
          assertThat(y).as("exp(%s)", x).isEqualTo(0f);
        } else {
          requireClose("exp", x, y, StrictMath.exp(x), 2e-7, 0);
        }
      }
    }
    assertThat(apply(VectorMath::exp, Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(apply(VectorMath::exp, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(apply(VectorMath::exp, Float.NaN)).isNaN();
    assertThat(apply(VectorMath::exp, -0f)).isEqualTo(1f);
  }

  /** Where e^-x overflows the true result is below 1e-36 in size, and 0 comes out. */
  @Test
  void siluIsExactToFourParts() {
    forFloats(
        VectorMath::silu,
        (x, y) -> {
          if (!Float.isInfinite(x) && !Float.isNaN(x)) {
            requireClose("silu", x, y, x / (1 + StrictMath.exp(-x)), 4e-7, 1e-36);
          }
        });
    assertThat(apply(VectorMath::silu, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(apply(VectorMath::silu, Float.NaN)).isNaN();
  }

  /** The relative error grows with the exponent 2u, whose own rounding it carries. */
  @Test
  void geluIsExactAsItsExponent() {
    forFloats(
        VectorMath::geluTanh,
        (x, y) -> {
          if (!Float.isInfinite(x) && !Float.isNaN(x)) {
            double u = StrictMath.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * (double) x);
            double expected = x / (1 + StrictMath.exp(-2 * u));
            double relative = 4e-7 * (1 + (x < 0 ? Math.min(-2 * u, 100) : 0));
            requireClose("gelu", x, y, expected, relative, 1e-36);
          }
        });
    assertThat(apply(VectorMath::geluTanh, Float.POSITIVE_INFINITY))
        .isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(apply(VectorMath::geluTanh, Float.NaN)).isNaN();
  }

  private interface Check {
    void check(float x, float y);
  }

  private static void forFloats(UnaryOperator<FloatVector> function, Check check) {
    float[] x = new float[Lanes.COUNT];
    float[] y = new float[Lanes.COUNT];
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; ) {
      for (int i = 0; i < x.length; i++, bits += BITS_STEP) {
        x[i] = Float.intBitsToFloat((int) bits);
      }
      function.apply(FloatVector.fromArray(Lanes.F, x, 0)).intoArray(y, 0);
      for (int i = 0; i < x.length; i++) {
        check.check(x[i], y[i]);
      }
    }
  }

  private static float apply(UnaryOperator<FloatVector> function, float x) {
    return function.apply(FloatVector.broadcast(Lanes.F, x)).lane(0);
  }

  private static void requireClose(
      String name, float x, float actual, double expected, double relative, double absolute) {
    double error = Math.abs(actual - expected);
    // The negation also fails where the error is NaN.
    if (!(error <= relative * Math.abs(expected) + absolute)) {
      assertThat((double) actual)
          .as("%s(%s) at %d lanes, error %s", name, x, Lanes.COUNT, error)
          .isEqualTo(expected);
    }
  }
}
