package org.t3jvm.model.golden;

import java.util.Arrays;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Comparisons with expected tensors. */
public final class Golden {
  private Golden() {}

  /**
   * Fails unless every element lies within {@code tolerance} of the expected one. Shapes may differ
   * by axes of extent 1 in front.
   */
  public static void within(String what, Tensor actual, Tensor expected, double tolerance) {
    requireSameShape(what, actual, expected);
    long count = expected.shape().elements();
    double worst = -1;
    long at = 0;
    long outside = 0;
    for (long i = 0; i < count; i++) {
      double error = Math.abs(actual.getDouble(i) - expected.getDouble(i));
      if (!(error <= tolerance)) {
        outside++;
      }
      if (Double.isNaN(error) || error > worst) {
        worst = error;
        at = i;
        if (Double.isNaN(error)) {
          break;
        }
      }
    }
    if (outside > 0) {
      throw new AssertionError(
          "%s: max abs error %.3g at %s (%s, should be %s), tolerance %.3g; %d of %d elements are outside"
              .formatted(
                  what,
                  worst,
                  index(expected.shape(), at),
                  actual.getDouble(at),
                  expected.getDouble(at),
                  tolerance,
                  outside,
                  count));
    }
  }

  /** Fails unless dtype, shape but for axes of extent 1 in front, and every bit are the same. */
  static void sameBits(String what, Tensor actual, Tensor expected) {
    requireSameShape(what, actual, expected);
    if (actual.dtype() != expected.dtype()) {
      throw new AssertionError(
          "%s is %s, should be %s".formatted(what, actual.dtype(), expected.dtype()));
    }
    long differing = actual.segment().mismatch(expected.segment());
    if (differing >= 0) {
      long at = differing / expected.dtype().byteSize();
      throw new AssertionError(
          "%s: element %s is %s, should be %s, bit for bit"
              .formatted(
                  what, index(expected.shape(), at), actual.getDouble(at), expected.getDouble(at)));
    }
  }

  /** Fails unless integer values differ in few places and by little. */
  static void withinLevels(
      String what, Tensor actual, Tensor expected, Tolerance.Levels tolerance) {
    requireSameShape(what, actual, expected);
    long count = expected.shape().elements();
    long differing = 0;
    for (long i = 0; i < count; i++) {
      long error = Math.abs(actual.getLong(i) - expected.getLong(i));
      if (error > 0) {
        differing++;
      }
      if (error > tolerance.levels()) {
        throw new AssertionError(
            "%s: element %s is %d, should be %d, give or take %d"
                .formatted(
                    what,
                    index(expected.shape(), i),
                    actual.getLong(i),
                    expected.getLong(i),
                    tolerance.levels()));
      }
    }
    if (differing > tolerance.share() * count) {
      throw new AssertionError(
          "%s: %d of %d values differ, at most %s%% may"
              .formatted(what, differing, count, 100 * tolerance.share()));
    }
  }

  /** The tensor of a name, of which there must be one. */
  public static Tensor named(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AssertionError("nothing is named '" + name + "' among " + tensors.keySet());
    }
    return tensor;
  }

  /** x [..., C] as [C, ...]. */
  static Tensor channelsFirst(Tensor x) {
    long[] dims = x.shape().dims();
    long[] turned = new long[dims.length];
    turned[0] = dims[dims.length - 1];
    System.arraycopy(dims, 0, turned, 1, dims.length - 1);
    return transposed(x, turned[0], Shape.of(turned));
  }

  /** x [C, ...] as [..., C]. */
  static Tensor channelsLast(Tensor x) {
    long[] dims = x.shape().dims();
    long[] turned = new long[dims.length];
    System.arraycopy(dims, 1, turned, 0, dims.length - 1);
    turned[dims.length - 1] = dims[0];
    return transposed(x, x.shape().elements() / dims[0], Shape.of(turned));
  }

  /** x, seen as a matrix of {@code columns} columns, transposed and under another shape. */
  private static Tensor transposed(Tensor x, long columns, Shape shape) {
    long rows = x.shape().elements() / columns;
    Tensor result = Tensor.allocate(x.dtype(), shape);
    for (long r = 0; r < rows; r++) {
      for (long c = 0; c < columns; c++) {
        result.setDouble(c * rows + r, x.getDouble(r * columns + c));
      }
    }
    return result;
  }

  /** x without axes of extent 1 in front, as deep as {@code rank}. */
  static Tensor ofRank(Tensor x, int rank) {
    long[] dims = x.shape().dims();
    int surplus = dims.length - rank;
    return x.reshape(Shape.of(Arrays.copyOfRange(dims, surplus, dims.length)));
  }

  /** Elements {@code [start, start + length)} along axis 1 of x [A, B, ...]. */
  static Tensor along1(Tensor x, long start, long length) {
    Tensor part = Tensor.allocate(x.dtype(), x.shape().with(1, length));
    long inner = x.shape().inner(1) * x.dtype().byteSize();
    for (long a = 0; a < x.shape().dim(0); a++) {
      part.segment()
          .asSlice(a * length * inner, length * inner)
          .copyFrom(x.segment().asSlice((a * x.shape().dim(1) + start) * inner, length * inner));
    }
    return part;
  }

  /** x [A, B, ...] as [B, A, ...]. */
  public static Tensor swapped(Tensor x) {
    long[] dims = x.shape().dims();
    long b = dims[1];
    dims[1] = dims[0];
    dims[0] = b;
    Tensor result = Tensor.allocate(x.dtype(), Shape.of(dims));
    for (long i = 0; i < b; i++) {
      result.rows(i, 1).segment().copyFrom(along1(x, i, 1).segment());
    }
    return result;
  }

  /** Parts of one dtype and shape but for axis 0, one after another along it. */
  public static Tensor joined(Iterable<Tensor> parts) {
    long rows = 0;
    Tensor any = parts.iterator().next();
    for (Tensor part : parts) {
      rows += part.shape().dim(0);
    }
    Tensor whole = Tensor.allocate(any.dtype(), any.shape().with(0, rows));
    long at = 0;
    for (Tensor part : parts) {
      whole.rows(at, part.shape().dim(0)).copyFrom(part);
      at += part.shape().dim(0);
    }
    return whole;
  }

  /** An F32 copy, in memory of its own. */
  static Tensor copy(Tensor x) {
    Tensor copy = Tensor.allocate(DType.F32, x.shape());
    copy.copyFrom(x);
    return copy;
  }

  private static void requireSameShape(String what, Tensor actual, Tensor expected) {
    if (!Arrays.equals(withoutOnes(actual.shape()), withoutOnes(expected.shape()))) {
      throw new AssertionError(
          "%s is of shape %s, should be %s".formatted(what, actual.shape(), expected.shape()));
    }
  }

  private static long[] withoutOnes(Shape shape) {
    long[] dims = shape.dims();
    int ones = 0;
    while (ones < dims.length && dims[ones] == 1) {
      ones++;
    }
    return Arrays.copyOfRange(dims, ones, dims.length);
  }

  private static String index(Shape shape, long element) {
    long[] strides = shape.strides();
    long[] index = new long[strides.length];
    long rest = element;
    for (int i = 0; i < strides.length; i++) {
      index[i] = rest / strides[i];
      rest %= strides[i];
    }
    return Arrays.toString(index);
  }
}
