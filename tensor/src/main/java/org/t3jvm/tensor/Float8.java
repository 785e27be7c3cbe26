package org.t3jvm.tensor;

/**
 * Numbers of one byte with 4 bits of exponent and 3 of mantissa, {@code float8_e4m3fn}: up to 448,
 * no infinity, NaN as 0x7F and 0xFF.
 */
public final class Float8 {
  private static final int BIAS = 7;
  private static final int NAN = 0x7F;
  private static final int LARGEST = 0x7E;

  /** What would follow the largest number. */
  private static final double BEYOND = 480;

  private static final float[] VALUES = new float[256];

  static {
    for (int bits = 0; bits < VALUES.length; bits++) {
      int exponent = bits >> 3 & 0xF;
      int mantissa = bits & 7;
      float magnitude =
          (bits & NAN) == NAN
              ? Float.NaN
              : exponent == 0
                  ? Math.scalb((float) mantissa, -BIAS - 2)
                  : Math.scalb((float) (8 + mantissa), exponent - BIAS - 3);
      VALUES[bits] = bits < 128 ? magnitude : -magnitude;
    }
  }

  private Float8() {}

  /** The number of these bits, exactly. */
  public static float toFloat(byte bits) {
    return VALUES[bits & 0xFF];
  }

  /** Bits of {@code value}, rounded to nearest even; NaN above 464, as PyTorch has it. */
  public static byte fromFloat(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 24 & 0x80;
    float magnitude = Math.abs(value);
    int low = 0;
    int high = LARGEST;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (VALUES[middle] <= magnitude) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return (byte) (sign | rounded(low, magnitude));
  }

  /** The bits {@code low} of the number below, or those above it if they are nearer or even. */
  private static int rounded(int low, float magnitude) {
    if (Float.isNaN(magnitude)) {
      return NAN;
    }
    double next = low == LARGEST ? BEYOND : VALUES[low + 1];
    double halfway = (VALUES[low] + next) / 2;
    boolean up = magnitude > halfway || (magnitude == halfway && (low & 1) == 1);
    return up ? low + 1 : low;
  }
}
