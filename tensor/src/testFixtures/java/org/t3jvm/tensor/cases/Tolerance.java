package org.t3jvm.tensor.cases;

/**
 * How far an element may lie from the reference: {@code |actual - expected| <= absolute + relative
 * * |expected|}.
 *
 * @param absolute allowed error of every element, in the element's unit
 * @param relative allowed error as a share of the expected element
 * @param reason where the two numbers come from
 */
public record Tolerance(double absolute, double relative, String reason) {
  /** Distance of 1 and the next float: rounding to F32 errs by half of it. */
  public static final double EPSILON = 0x1p-23;

  /** The same bits, up to the sign of zero and the payload of NaN. */
  public static final Tolerance EXACT = new Tolerance(0, 0, "elements are copied or rounded once");

  public Tolerance {
    if (!(absolute >= 0 && relative >= 0)) {
      throw new IllegalArgumentException(
          "tolerance: limits must not be negative, got %s and %s".formatted(absolute, relative));
    }
  }

  /**
   * For sums of {@code terms} numbers of about {@code magnitude} and of both signs. Partial sums
   * reach {@code magnitude * sqrt(terms)} and each addition rounds one of them, so that the errors
   * have a deviation of about {@code 0.15 * EPSILON * magnitude * terms}; the limit is twenty of
   * these, since among millions of sums some run far from zero.
   */
  static Tolerance ofSum(long terms, double magnitude) {
    return new Tolerance(
        3 * EPSILON * magnitude * (terms + 2),
        4 * EPSILON,
        "%d terms of about %.3g are summed in F32".formatted(terms, magnitude));
  }

  /** For elements that a few roundings, {@code ulps} in all, lie from the exact ones. */
  static Tolerance ofUlps(double ulps, String reason) {
    return new Tolerance(0, ulps * EPSILON, reason);
  }

  /** This tolerance with a larger absolute limit, for what cancels. */
  Tolerance orAbsolute(double limit, String why) {
    return new Tolerance(Math.max(absolute, limit), relative, reason + "; " + why);
  }

  /** True if {@code actual} is near enough; NaN only meets NaN, an infinity only itself. */
  public boolean accepts(double expected, double actual) {
    if (Double.isNaN(expected) || Double.isNaN(actual)) {
      return Double.isNaN(expected) && Double.isNaN(actual);
    }
    if (Double.isInfinite(expected) || Double.isInfinite(actual)) {
      return expected == actual;
    }
    return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
  }
}
