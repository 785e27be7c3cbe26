package org.t3jvm.accel.nvidia;

import java.util.function.IntUnaryOperator;
import org.t3jvm.accel.slots.AttentionSlots.AttentionBf16;
import org.t3jvm.accel.slots.ProductSlots.GemmBf16;

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
    return new GemmShape(
        at(GemmBf16.M),
        at(GemmBf16.N),
        at(GemmBf16.K),
        at(GemmBf16.TO_PACKED) == 1,
        at(GemmBf16.HAS_BIAS) == 1);
  }

  /** The sizes of an attention. */
  AttentionShape attention(float scale) {
    if (at(AttentionBf16.QUERIES) < 1 || at(AttentionBf16.ADDS) == 1) {
      throw new LibraryException("cuDNN takes contiguous rows, and adds to no result");
    }
    return new AttentionShape(
        at(AttentionBf16.ROW_GROUPS),
        at(AttentionBf16.QUERIES),
        at(AttentionBf16.KEYS),
        at(AttentionBf16.HEADS),
        at(AttentionBf16.HEAD_DIM),
        scale);
  }
}
