package org.t3jvm.tensor;

/**
 * Numbers of one byte. {@code float8_e4m3fn} has 4 bits of exponent and 3 of mantissa: up to 448,
 * no infinity, NaN as 0x7F and 0xFF. {@code float8_e5m2} is the upper byte of F16: up to 57344,
 * with infinities.
 */
public final class Float8 {
  private static final int BIAS = 7;
  private static final int NAN = 0x7F;
  private static final int LARGEST = 0x7E;
  private static final int LARGEST_E5M2 = 0x7B;

  /** What would follow the largest number. */
  private static final double BEYOND = 480;

  private static final double BEYOND_E5M2 = 65536;

  private static final float[] VALUES = new float[256];
  private static final float[] VALUES_E5M2 = new float[256];

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
      VALUES_E5M2[bits] = Float.float16ToFloat((short) (bits << 8));
    }
  }

  private Float8() {}

  /** The E4M3 number of these bits, exactly. */
  public static float toFloat(byte bits) {
    return VALUES[bits & 0xFF];
  }

  /** The E5M2 number of these bits, exactly. */
  public static float e5m2ToFloat(byte bits) {
    return VALUES_E5M2[bits & 0xFF];
  }

  /** E4M3 bits of {@code value}, rounded to nearest even; NaN above 464, as PyTorch has it. */
  public static byte fromFloat(float value) {
    return nearest(value, VALUES, LARGEST, BEYOND);
  }

  /** E5M2 bits of {@code value}, rounded to nearest even; infinity from 61440 on. */
  public static byte e5m2FromFloat(float value) {
    return nearest(value, VALUES_E5M2, LARGEST_E5M2, BEYOND_E5M2);
  }

  private static byte nearest(float value, float[] values, int largest, double beyond) {
    int sign = Float.floatToRawIntBits(value) >>> 24 & 0x80;
    float magnitude = Math.abs(value);
    int low = 0;
    int high = largest;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (values[middle] <= magnitude) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (Float.isNaN(magnitude)) {
      return (byte) (sign | NAN);
    }
    double next = low == largest ? beyond : values[low + 1];
    double halfway = (values[low] + next) / 2;
    boolean up = magnitude > halfway || (magnitude == halfway && (low & 1) == 1);
    return (byte) (sign | (up ? low + 1 : low));
  }
}
