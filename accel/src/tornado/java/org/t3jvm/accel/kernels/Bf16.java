package org.t3jvm.accel.kernels;

import uk.ac.manchester.tornado.api.types.BFloat16;

/**
 * BF16 in kernels: two of them in a word, the first in the low half. Only CUDA has instructions for
 * the conversion; OpenCL's code generator refuses it.
 */
final class Bf16 {
  private Bf16() {}

  /**
   * Two numbers rounded to nearest, ties to even.
   *
   * @param zero 0, in a way that the compiler cannot know: the code generator takes a sum with a
   *     short for a short, and would lose the upper half of the word
   */
  static int word(float low, float high, int zero) {
    return (bits(low, zero) & 0xffff) | (bits(high, zero) << 16);
  }

  private static int bits(float x, int zero) {
    return (short) (zero + BFloat16.bf16FromFloat(x));
  }

  static float low(int word) {
    return BFloat16.bf16ToFloat((short) word);
  }

  static float high(int word) {
    return BFloat16.bf16ToFloat((short) (word >> 16));
  }
}
