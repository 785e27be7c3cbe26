package org.t3jvm.tensor;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost axis first, row-major. Rank 0 is a scalar; extents may be 0.
 */
public final class Shape {
  private static final Shape SCALAR = new Shape(new long[0]);

  private final long[] dims;
  private final long elements;

  private Shape(long[] dims) {
    this.dims = dims;
    this.elements = count(dims);
  }

  /**
   * The shape of the given extents.
   *
   * @throws IllegalArgumentException if an extent is negative or the element count exceeds 2^63-1
   */
  public static Shape of(long... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  private static long count(long[] dims) {
    long product = 1;
    boolean empty = false;
    for (long d : dims) {
      if (d < 0) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has a negative extent");
      }
      empty |= d == 0;
    }
    if (empty) {
      return 0;
    }
    for (long d : dims) {
      try {
        product = Math.multiplyExact(product, d);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has more than 2^63-1 elements", e);
      }
    }
    return product;
  }

  /** Number of axes. */
  public int rank() {
    return dims.length;
  }

  /** Extent of an axis; negative axes count from the end, so {@code dim(-1)} is the innermost. */
  public long dim(int axis) {
    return dims[axis(axis)];
  }

  /** Extent of an axis as an int; fails if it does not fit. */
  public int intDim(int axis) {
    return Math.toIntExact(dim(axis));
  }

  /**
   * The non-negative index of an axis that may count from the end.
   *
   * @throws IllegalArgumentException if the shape has no such axis
   */
  public int axis(int axis) {
    int resolved = axis < 0 ? axis + dims.length : axis;
    if (resolved < 0 || resolved >= dims.length) {
      throw new IllegalArgumentException("shape " + this + " has no axis " + axis);
    }
    return resolved;
  }

  /** Product of all extents; 1 for a scalar. */
  public long elements() {
    return elements;
  }

  /** A copy of the extents. */
  public long[] dims() {
    return dims.clone();
  }

  /** Product of the extents before {@code axis}. */
  public long outer(int axis) {
    int end = axis(axis);
    long product = 1;
    for (int i = 0; i < end; i++) {
      product *= dims[i];
    }
    return product;
  }

  /** Product of the extents after {@code axis}. */
  public long inner(int axis) {
    long product = 1;
    for (int i = axis(axis) + 1; i < dims.length; i++) {
      product *= dims[i];
    }
    return product;
  }

  /** Row-major strides in elements. */
  public long[] strides() {
    long[] strides = new long[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }

  /** This shape with the extent of one axis replaced. */
  public Shape with(int axis, long extent) {
    long[] copy = dims.clone();
    copy[axis(axis)] = extent;
    return of(copy);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** As {@code [2, 3, 64]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
