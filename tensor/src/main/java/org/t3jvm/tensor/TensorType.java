package org.t3jvm.tensor;

/** Dtype and shape of a tensor, without its elements. */
public record TensorType(DType dtype, Shape shape) {
  /** Bytes of all elements. */
  public long bytes() {
    return shape.elements() * dtype.byteSize();
  }

  /** Such as {@code BF16 [1536, 8960]}. */
  @Override
  public String toString() {
    return dtype + " " + shape;
  }
}
