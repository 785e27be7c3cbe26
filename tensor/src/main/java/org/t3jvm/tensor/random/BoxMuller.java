package org.t3jvm.tensor.random;

/**
 * The Box-Muller transform of PyTorch's AVX2 kernel on blocks of 16 floats, bit for bit (SPEC 11).
 *
 * <p>Logarithm, sine and cosine are Cephes' single-precision polynomials. Every operation is
 * rounded to float where the kernel rounds it, and fused exactly where the kernel fuses it: without
 * the fused steps about one value in a hundred differs in its last bit.
 */
final class BoxMuller {
  /** Values that one transform takes and gives. */
  static final int BLOCK = 16;

  private static final int HALF = BLOCK / 2;
  private static final float TWO_PI = (float) (2 * Math.PI);
  private static final float SQRT_HALF = 0.707106781186547524f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float FOUR_OVER_PI = 1.27323954473516f;
  private static final float PI_4_HIGH = -0.78515625f;
  private static final float PI_4_MIDDLE = -2.4187564849853515625e-4f;
  private static final float PI_4_LOW = -3.77489497744594108e-8f;

  private BoxMuller() {}

  /**
   * Turns 16 uniforms in [0, 1) into 16 normals in place: value {@code j} gives the radius, value
   * {@code j + 8} the angle of the pair that replaces both.
   */
  static void transform(float[] block) {
    for (int j = 0; j < HALF; j++) {
      float radius = (float) Math.sqrt(-2f * log(1f - block[j]));
      sinCos(block, j, radius, TWO_PI * block[j + HALF]);
    }
  }

  private static float log(float value) {
    float x = Math.max(value, Float.MIN_NORMAL);
    int bits = Float.floatToRawIntBits(x);
    float e = (bits >>> 23) - 126;
    float m = Float.intBitsToFloat((bits & 0x007fffff) | 0x3f000000);
    if (m < SQRT_HALF) {
      e -= 1f;
      m = (m - 1f) + m;
    } else {
      m -= 1f;
    }
    float z = m * m;
    float y = 7.0376836292E-2f;
    y = Math.fma(y, m, -1.1514610310E-1f);
    y = Math.fma(y, m, 1.1676998740E-1f);
    y = Math.fma(y, m, -1.2420140846E-1f);
    y = Math.fma(y, m, 1.4249322787E-1f);
    y = Math.fma(y, m, -1.6668057665E-1f);
    y = Math.fma(y, m, 2.0000714765E-1f);
    y = Math.fma(y, m, -2.4999993993E-1f);
    y = Math.fma(y, m, 3.3333331174E-1f);
    y *= m;
    y = Math.fma(y, z, e * LN2_LOW);
    y -= z * 0.5f;
    return Math.fma(e, LN2_HIGH, m + y);
  }

  /** Writes {@code radius * cos(angle)} at {@code j} and {@code radius * sin(angle)} at j + 8. */
  private static void sinCos(float[] block, int j, float radius, float angle) {
    int octant = ((int) (angle * FOUR_OVER_PI) + 1) & ~1;
    float y = octant;
    float x = Math.fma(y, PI_4_HIGH, angle);
    x = Math.fma(y, PI_4_MIDDLE, x);
    x = Math.fma(y, PI_4_LOW, x);
    float z = x * x;

    float c = 2.443315711809948E-5f;
    c = Math.fma(c, z, -1.388731625493765E-3f);
    c = Math.fma(c, z, 4.166664568298827E-2f);
    c *= z;
    c = Math.fma(c, z, -(z * 0.5f));
    c += 1f;

    float s = -1.9515295891E-4f;
    s = Math.fma(s, z, 8.3321608736E-3f);
    s = Math.fma(s, z, -1.6666654611E-1f);
    s *= z;
    s = Math.fma(s, x, x);

    boolean swap = (octant & 2) != 0;
    float sin = swap ? c : s;
    float cos = swap ? s : c;
    block[j] = radius * (((octant - 2) & 4) == 0 ? -cos : cos);
    block[j + HALF] = radius * ((octant & 4) != 0 ? -sin : sin);
  }
}
