package org.t3jvm.tensor.backend;

/** What the operands of products are rounded to; sums are always F32. */
public enum Precision {
  /** Operands as they are. */
  F32,
  /** Operands of large products rounded to BF16, as tensor cores take them. */
  BF16,
  /**
   * Operands of large linear maps rounded to int8, 64 to a scale, those of other large products to
   * BF16; on the CPU alone.
   */
  INT8
}
