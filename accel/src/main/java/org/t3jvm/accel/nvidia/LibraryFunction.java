package org.t3jvm.accel.nvidia;

import java.util.Arrays;
import java.util.Optional;

/**
 * Kernels that NVIDIA's libraries can run instead; each has the name of its kernel, its operands
 * and its numbers. Operands are banks, and the first numbers of a launch are their offsets in
 * 4-byte elements. BF16 operands are packed, two in an element, and begin at a multiple of 16
 * bytes.
 */
public enum LibraryFunction {
  /**
   * {@code y [M, N] = a [M, K] b [N, K]^T + bias [N]}; y and bias in F32, or y packed as BF16.
   * Numbers: {@link org.t3jvm.accel.slots.ProductSlots.GemmBf16}.
   */
  GEMM_BF16(2),

  /**
   * {@code y = softmax(scale q k^T) v} of packed token rows [groups, queries or keys, heads * d],
   * each group's queries with its own keys. Numbers: {@link
   * org.t3jvm.accel.slots.AttentionSlots.AttentionBf16}, without windows. Floats: scale, 1.
   */
  ATTENTION_BF16(1);

  private static final int MOST_HEAD_DIM = 128;

  private final int results;

  LibraryFunction(int results) {
    this.results = results;
  }

  /** How many operands, from the first on, may be written. */
  public int results() {
    return results;
  }

  /** The function that does what a kernel does, if there is one. */
  public static Optional<LibraryFunction> of(String kernel) {
    return Arrays.stream(values()).filter(each -> each.name().equals(kernel)).findFirst();
  }

  /** Whether cuDNN attends with heads of so many columns. */
  public static boolean attends(int headDim) {
    return headDim % 8 == 0 && headDim <= MOST_HEAD_DIM;
  }
}
