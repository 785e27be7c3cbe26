package org.t3jvm.tensor;

import org.assertj.core.api.AbstractAssert;
import org.t3jvm.tensor.cases.Tolerance;

/** Assertions on tensors that say how far apart two of them are, and where first. */
public final class TensorAssert extends AbstractAssert<TensorAssert, Tensor> {
  private TensorAssert(Tensor actual) {
    super(actual, TensorAssert.class);
  }

  public static TensorAssert assertThatTensor(Tensor actual) {
    return new TensorAssert(actual);
  }

  /** Fails unless dtype, shape and elements are those of {@code expected}, within a tolerance. */
  public TensorAssert isCloseTo(Tensor expected, Tolerance tolerance) {
    hasLayoutOf(expected);
    Difference difference = Difference.of(actual, expected, tolerance);
    if (difference.firstBad() >= 0) {
      failWithMessage("%s; allowed are %s", difference.describe(actual, expected), tolerance);
    }
    return this;
  }

  /** Fails unless the elements are the given ones, within {@code absolute} of each. */
  public TensorAssert hasElements(double absolute, double... expected) {
    isNotNull();
    Tensor tensor = Tensor.allocate(DType.F64, actual.shape());
    if (expected.length != tensor.shape().elements()) {
      failWithMessage("%s has no %d elements", actual, expected.length);
    }
    for (int i = 0; i < expected.length; i++) {
      tensor.setDouble(i, expected[i]);
    }
    Tolerance tolerance = new Tolerance(absolute, 0, "given by the test");
    Difference difference = Difference.of(actual, tensor, tolerance);
    if (difference.firstBad() >= 0) {
      failWithMessage("%s; allowed is %s", difference.describe(actual, tensor), absolute);
    }
    return this;
  }

  /** Fails unless dtype, shape and every bit are those of {@code expected}. */
  public TensorAssert hasBitsOf(Tensor expected) {
    hasLayoutOf(expected);
    long at = actual.segment().mismatch(expected.segment());
    if (at >= 0) {
      long index = at / actual.dtype().byteSize();
      failWithMessage(
          "bits of %s differ first at %s: %s, not %s",
          actual, place(actual.shape(), index), actual.getDouble(index), expected.getDouble(index));
    }
    return this;
  }

  private void hasLayoutOf(Tensor expected) {
    isNotNull();
    if (actual.dtype() != expected.dtype() || !actual.shape().equals(expected.shape())) {
      failWithMessage("is %s, not %s", actual, expected);
    }
  }

  private static String place(Shape shape, long index) {
    long[] strides = shape.strides();
    StringBuilder place = new StringBuilder("[");
    for (int axis = 0; axis < strides.length; axis++) {
      place.append(axis == 0 ? "" : ", ").append(index / strides[axis] % shape.dim(axis));
    }
    return place.append("]").toString();
  }

  /**
   * How far apart two tensors are.
   *
   * @param firstBad row-major index of the first element beyond the tolerance, or -1
   * @param bad number of elements beyond the tolerance
   */
  private record Difference(
      long firstBad, long bad, double maxAbsolute, double maxRelative, double nmse) {
    static Difference of(Tensor actual, Tensor expected, Tolerance tolerance) {
      long firstBad = -1;
      long bad = 0;
      double maxAbsolute = 0;
      double maxRelative = 0;
      double errors = 0;
      double squares = 0;
      for (long i = 0; i < expected.shape().elements(); i++) {
        double a = actual.getDouble(i);
        double e = expected.getDouble(i);
        if (!tolerance.accepts(e, a)) {
          firstBad = bad++ == 0 ? i : firstBad;
        }
        double error = Math.abs(a - e);
        if (!Double.isNaN(error) && a != e) {
          maxAbsolute = Math.max(maxAbsolute, error);
          maxRelative = Math.max(maxRelative, error / Math.abs(e));
          errors += error * error;
        }
        squares += Double.isFinite(e) ? e * e : 0;
      }
      return new Difference(firstBad, bad, maxAbsolute, maxRelative, errors / squares);
    }

    String describe(Tensor actual, Tensor expected) {
      return "%d of %d elements are off, first at %s: %s, not %s; max abs %.3g, max rel %.3g, nmse %.3g"
          .formatted(
              bad,
              expected.shape().elements(),
              place(expected.shape(), firstBad),
              actual.getDouble(firstBad),
              expected.getDouble(firstBad),
              maxAbsolute,
              maxRelative,
              nmse);
    }
  }
}
