package org.t3jvm.accel.cuda;

/** Arithmetic of PTX that Java does not have. */
final class PtxMath {
  private PtxMath() {}

  /** Comparisons that end in u are true if an operand is NaN, the others false. */
  static boolean compares(String how, float x, float y) {
    boolean nan = Float.isNaN(x) || Float.isNaN(y);
    return switch (how) {
      case "nan" -> nan;
      case "num" -> !nan;
      case "eq" -> x == y;
      case "ne" -> !nan && x != y;
      case "lt" -> x < y;
      case "gt" -> x > y;
      case "ge" -> x >= y;
      case "neu" -> x != y;
      case "ltu" -> !(x >= y);
      case "leu" -> !(x > y);
      case "gtu" -> !(x <= y);
      case "geu" -> !(x < y);
      default -> throw new IllegalArgumentException(how);
    };
  }

  static boolean compares(String how, int compared) {
    return switch (how) {
      case "eq" -> compared == 0;
      case "ne" -> compared != 0;
      case "lt" -> compared < 0;
      case "gt" -> compared > 0;
      case "ge" -> compared >= 0;
      default -> throw new IllegalArgumentException(how);
    };
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
