package org.t3jvm.tensor.cpu.attention;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * Softmax over keys that come block by block: scores, in powers of 2, become weights relative to
 * the largest score so far. Queries lie along the lanes, so nothing is reduced within a vector.
 */
final class OnlineSoftmax {
  /** A largest score to start from: below every score that is not masked, and finite. */
  static final float LOWEST = -3e38f;

  /** Adding 1.5 * 2^23 rounds to an integer, which then lies in the low bits of the sum. */
  private static final float ROUND = 12582912f;

  /** Below this, 2^x is no normal float. */
  private static final float EXP2_LOW = -126f;

  /** Fit of q in 2^r = 1 + r q(r) for |r| <= 1/2, at Chebyshev's points; its error is 2e-7. */
  private static final float Q0 = 0.6931472f;

  private static final float Q1 = 0.2402235f;
  private static final float Q2 = 0.05550381f;
  private static final float Q3 = 0.009666368f;
  private static final float Q4 = 0.0013381302f;

  private OnlineSoftmax() {}

  /**
   * Turns one vector's lanes of {@code keys} rows of scores at {@code s} into weights.
   *
   * @return whether the largest score of any lane rose; otherwise all rescaling factors are 1
   */
  static boolean lanes(float[] x, int s, int keys, int max, int sum, int rescale) {
    FloatVector before = FloatVector.fromArray(Lanes.F, x, max);
    FloatVector largest = before;
    for (int key = 0; key < keys; key++) {
      FloatVector score = FloatVector.fromArray(Lanes.F, x, s + key * Tile.COLUMNS);
      largest = largest.blend(score, score.compare(VectorOperators.GT, largest));
    }
    FloatVector total = FloatVector.zero(Lanes.F);
    for (int key = 0; key < keys; key++) {
      int at = s + key * Tile.COLUMNS;
      FloatVector weight = exp2(FloatVector.fromArray(Lanes.F, x, at).sub(largest));
      weight.intoArray(x, at);
      total = total.add(weight);
    }
    FloatVector factor = exp2(before.sub(largest));
    largest.intoArray(x, max);
    factor.intoArray(x, rescale);
    FloatVector.fromArray(Lanes.F, x, sum).fma(factor, total).intoArray(x, sum);
    return largest.compare(VectorOperators.NE, before).anyTrue();
  }

  /** {@code 2^x} for x of at most 0; 0 below 2^-126, NaN for NaN. */
  static FloatVector exp2(FloatVector x) {
    FloatVector shifted = x.add(ROUND);
    FloatVector r = x.sub(shifted.sub(ROUND));
    FloatVector q = r.fma(FloatVector.broadcast(Lanes.F, Q4), FloatVector.broadcast(Lanes.F, Q3));
    q = q.fma(r, FloatVector.broadcast(Lanes.F, Q2));
    q = q.fma(r, FloatVector.broadcast(Lanes.F, Q1));
    q = q.fma(r, FloatVector.broadcast(Lanes.F, Q0));
    q = q.fma(r, FloatVector.broadcast(Lanes.F, 1f));
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector power = q.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    return power
        .blend(0f, x.compare(VectorOperators.LT, EXP2_LOW))
        .blend(x, x.compare(VectorOperators.NE, x));
  }
}
