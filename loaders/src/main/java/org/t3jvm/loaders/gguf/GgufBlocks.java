package org.t3jvm.loaders.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Blocks of quantised weights as floats. The scales d and dmin of a block are F16; of K types, each
 * 16 or 32 elements have a whole number beside it. Products are rounded to F32 in the order of the
 * format's reference, so the floats are the same bit for bit.
 */
final class GgufBlocks {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private GgufBlocks() {}

  /** Decodes the block of a quantised type that begins at {@code at} of {@code bytes}. */
  static void decode(GgufType type, MemorySegment bytes, long at, float[] values) {
    switch (type) {
      case Q8_0 -> q8(bytes, at, values);
      case Q4_0 -> q4(bytes, at, values);
      case Q4_K -> q4k(bytes, at, values);
      case Q5_K -> q5k(bytes, at, values);
      case Q6_K -> q6k(bytes, at, values);
      case F64, F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no blocks");
    }
  }

  private static float half(MemorySegment bytes, long at) {
    return Float.float16ToFloat(bytes.get(SHORT, at));
  }

  private static int u8(MemorySegment bytes, long at) {
    return bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  /** d, 32 codes of 8 bits. */
  private static void q8(MemorySegment bytes, long at, float[] values) {
    float d = half(bytes, at);
    for (int i = 0; i < 32; i++) {
      values[i] = d * bytes.get(ValueLayout.JAVA_BYTE, at + 2 + i);
    }
  }

  /** d, 16 bytes of two codes from -8 to 7: the low halves are the first 16 elements. */
  private static void q4(MemorySegment bytes, long at, float[] values) {
    float d = half(bytes, at);
    for (int i = 0; i < 16; i++) {
      int pair = u8(bytes, at + 2 + i);
      values[i] = d * ((pair & 0xF) - 8);
      values[i + 16] = d * ((pair >> 4) - 8);
    }
  }

  /** d, dmin, 8 pairs of 6-bit scales and minima in 12 bytes, 128 bytes of two 4-bit codes. */
  private static void q4k(MemorySegment bytes, long at, float[] values) {
    decodeK(bytes, at, at + 16, -1, values);
  }

  /** As {@link #q4k}, with the fifth bit of each code in 32 bytes before the codes. */
  private static void q5k(MemorySegment bytes, long at, float[] values) {
    decodeK(bytes, at, at + 48, at + 16, values);
  }

  private static void decodeK(MemorySegment bytes, long at, long low, long high, float[] values) {
    float d = half(bytes, at);
    float dmin = half(bytes, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * scale(bytes, at + 4, group);
      float minimum = dmin * minimum(bytes, at + 4, group);
      int shift = group % 2 * 4;
      for (int i = 0; i < 32; i++) {
        int code = (u8(bytes, low + group / 2 * 32L + i) >> shift) & 0xF;
        if (high >= 0) {
          code |= ((u8(bytes, high + i) >> group) & 1) << 4;
        }
        values[group * 32 + i] = scale * code - minimum;
      }
    }
  }

  private static int scale(MemorySegment bytes, long at, int group) {
    return group < 4
        ? u8(bytes, at + group) & 63
        : (u8(bytes, at + group + 4) & 0xF) | (u8(bytes, at + group - 4) >> 6 << 4);
  }

  private static int minimum(MemorySegment bytes, long at, int group) {
    return group < 4
        ? u8(bytes, at + group + 4) & 63
        : (u8(bytes, at + group + 4) >> 4) | (u8(bytes, at + group) >> 6 << 4);
  }

  /** 128 bytes of low 4 bits, 64 of high 2, 16 scales of 8 bits for 16 elements each, d. */
  private static void q6k(MemorySegment bytes, long at, float[] values) {
    float d = half(bytes, at + 208);
    for (int i = 0; i < 256; i++) {
      int part = i / 128;
      int quarter = i % 128 / 32;
      int lane = i % 32;
      int low = (u8(bytes, at + part * 64L + quarter % 2 * 32L + lane) >> (quarter / 2 * 4)) & 0xF;
      int high = (u8(bytes, at + 128 + part * 32L + lane) >> (quarter * 2)) & 3;
      float scale = d * bytes.get(ValueLayout.JAVA_BYTE, at + 192 + i / 16);
      values[i] = scale * ((low | (high << 4)) - 32);
    }
  }
}
