package org.t3jvm.accel.nvidia;

/**
 * The sizes of products {@code y [m, n] = a [m, k] b [n, k]^T + bias [n]} of BF16 matrices, rows
 * back to back; sums and bias are F32.
 *
 * @param packed whether y is BF16; else F32
 * @param bias whether a bias is added
 * @param batch number of products
 * @param yStride elements from one y to the next
 * @param aStride elements from one a to the next
 * @param bStride elements from one b to the next
 */
record GemmShape(
    int m,
    int n,
    int k,
    boolean packed,
    boolean bias,
    int batch,
    long yStride,
    long aStride,
    long bStride) {
  /** One product. */
  static GemmShape of(int m, int n, int k, boolean packed, boolean bias) {
    return new GemmShape(m, n, k, packed, bias, 1, 0, 0, 0);
  }

  /** As {@code 1 x y [32640,1536] f32 = a [32640,1536] b [1536,1536]^T + bias, in bf16}. */
  @Override
  public String toString() {
    return "%d x y [%d,%d] %s = a [%d,%d] b [%d,%d]^T%s, in bf16"
        .formatted(batch, m, n, packed ? "bf16" : "f32", m, k, n, k, bias ? " + bias" : "");
  }
}
