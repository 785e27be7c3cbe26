package org.t3jvm.accel.nvidia;

import java.util.function.IntUnaryOperator;

/**
 * A launch's numbers, as {@link LibraryFunction} lists them.
 *
 * @param ints number i
 */
record LaunchNumbers(IntUnaryOperator ints) {
  int at(int i) {
    return ints.applyAsInt(i);
  }

  /** The sizes of a product. */
  GemmShape gemm() {
    return new GemmShape(at(6), at(7), at(8), at(10) == 1, at(9) == 1);
  }

  /** The sizes of an attention. */
  AttentionShape attention(float scale) {
    if (at(5) < 1 || at(18) == 1) {
      throw new LibraryException("cuDNN takes contiguous rows, and adds to no result");
    }
    return new AttentionShape(at(9), at(5), at(6), at(7), at(8), scale);
  }
}
