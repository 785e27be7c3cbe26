package org.t3jvm.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of float vectors, exact to about one unit in the last place. A lane's result depends on
 * that lane alone.
 */
public final class VectorMath {
  private static final float LOG2_E = 1.4426950408889634f;
  private static final float LN2_HIGH = 0x1.62e43p-1f;
  private static final float LN2_LOW = -0x1.05c611p-29f;

  /** Adding 1.5 * 2^23 rounds to an integer, which then lies in the low bits of the sum. */
  private static final float ROUND = 12582912f;

  /** Beyond these, e^x is above the largest or below the smallest normal float. */
  private static final float EXP_HIGH = 88.72283f;

  private static final float EXP_LOW = -87.33654f;

  /** Minimax fit of q in e^r = 1 + r (1 + r q(r)) for |r| <= ln(2)/2; its error is 3.1e-9. */
  private static final float Q0 = 0.49999994f;

  private static final float Q1 = 0.16666521f;
  private static final float Q2 = 0.04166839f;
  private static final float Q3 = 0.0083687166f;
  private static final float Q4 = 0.0013814599f;

  /** sqrt(2/pi) and its product with the cubic coefficient of the tanh form of GELU, times -2. */
  private static final float GELU_LINEAR = -1.5957691216057308f;

  private static final float GELU_CUBIC = (float) (-1.5957691216057308 * 0.044715);

  private VectorMath() {}

  /**
   * {@code e^x}, relative error at most 2e-7; 0 below ln(2^-126), infinity above ln(the largest
   * float), NaN for NaN.
   */
  public static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.fma(splat(LOG2_E), splat(ROUND));
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(splat(-LN2_LOW), n.fma(splat(-LN2_HIGH), x));
    FloatVector q = r.fma(splat(Q4), splat(Q3));
    q = q.fma(r, splat(Q2));
    q = q.fma(r, splat(Q1));
    q = q.fma(r, splat(Q0));
    q = q.fma(r, splat(1f));
    q = q.fma(r, splat(1f));
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector power = q.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    return power
        .blend(0f, x.compare(VectorOperators.LT, EXP_LOW))
        .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, EXP_HIGH))
        .blend(x, x.compare(VectorOperators.NE, x));
  }

  /** {@code x / (1 + e^-x)}. */
  public static FloatVector silu(FloatVector x) {
    return x.div(exp(x.neg()).add(1f));
  }

  /**
   * {@code 0.5 x (1 + tanh(u))} with {@code u = sqrt(2/pi) (x + 0.044715 x^3)}, as the same {@code
   * x / (1 + e^-2u)}, which cancels nowhere.
   */
  public static FloatVector geluTanh(FloatVector x) {
    FloatVector factor = x.mul(x).fma(splat(GELU_CUBIC), splat(GELU_LINEAR));
    return x.div(exp(x.mul(factor)).add(1f));
  }

  /** Derivative of {@link #silu}: {@code s (1 + x (1 - s))} with {@code s = 1 / (1 + e^-x)}. */
  public static FloatVector siluDerivative(FloatVector x) {
    FloatVector s = splat(1f).div(exp(x.neg()).add(1f));
    return x.mul(splat(1f).sub(s)).fma(s, s);
  }

  /**
   * Derivative of {@link #geluTanh}, {@code x s(v)} with {@code s(v) = 1 / (1 + e^-v)}: {@code s +
   * x v' s (1 - s)}.
   */
  public static FloatVector geluTanhDerivative(FloatVector x) {
    FloatVector squared = x.mul(x);
    FloatVector factor = squared.fma(splat(GELU_CUBIC), splat(GELU_LINEAR));
    FloatVector s = splat(1f).div(exp(x.mul(factor)).add(1f));
    FloatVector slope = squared.fma(splat(-3 * GELU_CUBIC), splat(-GELU_LINEAR));
    // Far below zero s is 0 and the slope's square may be infinite.
    FloatVector tail = s.mul(splat(1f).sub(s));
    FloatVector bend = x.mul(slope).mul(tail).blend(0f, tail.compare(VectorOperators.EQ, 0f));
    return s.add(bend);
  }

  private static FloatVector splat(float value) {
    return FloatVector.broadcast(Lanes.F, value);
  }
}
