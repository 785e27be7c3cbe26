package org.t3jvm.accel.nvidia;

/**
 * The sizes of a product {@code y [m, n] = a [m, k] b [n, k]^T + bias [n]} of BF16 matrices, rows
 * back to back, with F32 sums. The bias is of y's type: cuBLASLt has no other.
 *
 * @param packed whether y is BF16; else F32
 * @param bias whether a bias is added
 */
record GemmShape(int m, int n, int k, boolean packed, boolean bias) {
  /** As {@code y [32640,1536] f32 = a [32640,1536] b [1536,1536]^T + bias, in bf16}. */
  @Override
  public String toString() {
    return "y [%d,%d] %s = a [%d,%d] b [%d,%d]^T%s, in bf16"
        .formatted(m, n, packed ? "bf16" : "f32", m, k, n, k, bias ? " + bias" : "");
  }
}
