package org.t3jvm.accel.nvidia;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** BF16 and F32 elements in memory. */
final class Bits {
  private Bits() {}

  static double bf16(MemorySegment memory, long i) {
    return Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, i) << 16);
  }

  /** Rounded to nearest, ties to even. */
  static void putBf16(MemorySegment memory, long i, double value) {
    int bits = Float.floatToRawIntBits((float) value);
    int rounded = bits + 0x7fff + ((bits >>> 16) & 1);
    memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (rounded >>> 16));
  }

  static double f32(MemorySegment memory, long i) {
    return memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
  }

  static void putF32(MemorySegment memory, long i, double value) {
    memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
  }

  static double get(boolean packed, MemorySegment memory, long i) {
    return packed ? bf16(memory, i) : f32(memory, i);
  }

  static void put(boolean packed, MemorySegment memory, long i, double value) {
    if (packed) {
      putBf16(memory, i, value);
    } else {
      putF32(memory, i, value);
    }
  }

  /** Fills memory with BF16 numbers of about 1. */
  static void fillBf16(MemorySegment memory, Random random) {
    for (long i = 0; i < memory.byteSize() / Short.BYTES; i++) {
      putBf16(memory, i, random.nextGaussian());
    }
  }
}
