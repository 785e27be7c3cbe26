package org.t3jvm.accel.nvidia;

import java.util.function.IntUnaryOperator;

/**
 * A launch's numbers, as {@link LibraryFunction} lists them.
 *
 * @param ints number i
 */
record LaunchNumbers(IntUnaryOperator ints) {
  /** BF16 numbers in an element of a bank. */
  private static final long PACKED = 2;

  int at(int i) {
    return ints.applyAsInt(i);
  }

  /** The sizes of products. */
  GemmShape gemm() {
    boolean packed = at(10) == 1;
    return new GemmShape(
        at(6),
        at(7),
        at(8),
        packed,
        at(9) == 1,
        at(14),
        packed ? PACKED * at(11) : at(11),
        PACKED * at(12),
        PACKED * at(13));
  }

  /** The sizes of an attention. */
  AttentionShape attention(float scale) {
    if (at(5) < 1 || at(18) == 1) {
      throw new LibraryException("cuDNN takes rows that lie together, and adds to no result");
    }
    return new AttentionShape(at(9), at(5), at(6), at(7), at(8), scale);
  }
}
