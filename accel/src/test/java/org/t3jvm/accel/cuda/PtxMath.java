package org.t3jvm.accel.cuda;

/** Arithmetic of PTX that Java does not have. */
final class PtxMath {
  private static final int MOST_SHIFT = 31;

  private PtxMath() {}

  /** Shifts by as many bits as there are and more leave zeros, or copies of the sign. */
  static int left(int x, int bits) {
    return Integer.compareUnsigned(bits, MOST_SHIFT) > 0 ? 0 : x << bits;
  }

  static int right(int x, int bits) {
    return x >> (Integer.compareUnsigned(bits, MOST_SHIFT) > 0 ? MOST_SHIFT : bits);
  }

  static int rightUnsigned(int x, int bits) {
    return Integer.compareUnsigned(bits, MOST_SHIFT) > 0 ? 0 : x >>> bits;
  }

  static float saturated(float x) {
    return x > 0 ? Math.min(x, 1) : 0;
  }

  /** Of two numbers, that which is none is not counted. */
  static float max(float x, float y) {
    if (Float.isNaN(x)) {
      return y;
    }
    return Float.isNaN(y) ? x : Math.max(x, y);
  }

  /** The float below. */
  static float downwards(double exact) {
    float near = (float) exact;
    return near > exact ? Math.nextDown(near) : near;
  }

  /** Four bytes, each chosen among those of y and x by four bits. */
  static int permuted(int x, int y, int choice) {
    long bytes = (long) y << 32 | (x & 0xFFFFFFFFL);
    int result = 0;
    for (int i = 0; i < 4; i++) {
      int one = choice >>> (4 * i) & 0xF;
      int value = (int) (bytes >>> (8 * (one & 7))) & 0xFF;
      result |= ((one & 8) == 0 ? value : (byte) value < 0 ? 0xFF : 0) << (8 * i);
    }
    return result;
  }

  /** Bits of x in place of some of y. */
  static int inserted(int x, int y, int from, int length) {
    int mask = (int) ((1L << length) - 1) << from;
    return (y & ~mask) | ((x << from) & mask);
  }
}
