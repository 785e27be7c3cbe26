package org.t3jvm.tensor.cpu.rounded;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.Tensor;

/** Rounding to pairs, against {@link Tensor#toBFloat16} number by number. */
class PairsTest {
  private static final long SEED = 6;

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    0x1.01p0f,
    0x1.03p0f,
    0x1.010002p0f,
    Float.MAX_VALUE,
    Float.MIN_VALUE,
    Float.NaN,
    Float.intBitsToFloat(0x7F800001),
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
  };

  @Test
  void roundsToNearestEven() {
    Random random = new Random(SEED);
    try (Arena arena = Arena.ofConfined()) {
      for (int count = 1; count < 100; count++) {
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
          x[i] =
              random.nextBoolean()
                  ? SPECIAL[random.nextInt(SPECIAL.length)]
                  : Float.intBitsToFloat(random.nextInt());
        }
        MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
        MemorySegment target = arena.allocate(4L * Pairs.count(count), 4);
        Pairs.round(source, 0, count, target, 0);
        int[] expected = expected(source.toArray(ValueLayout.JAVA_FLOAT));
        assertThat(target.toArray(ValueLayout.JAVA_INT)).as("seed %d", SEED).isEqualTo(expected);

        float[] inPlace = new float[count + 3];
        System.arraycopy(x, 0, inPlace, 3, count);
        Pairs.round(inPlace, 3, count);
        for (int i = 0; i < expected.length; i++) {
          assertThat(Float.floatToRawIntBits(inPlace[3 + i])).isEqualTo(expected[i]);
        }
      }
    }
  }

  @Test
  void loadsBFloat16AsItIs() {
    Random random = new Random(SEED);
    try (Arena arena = Arena.ofConfined()) {
      for (int count = 1; count < 100; count++) {
        MemorySegment source = arena.allocate(2L * count + 2, 2);
        for (int i = 0; i <= count; i++) {
          source.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) random.nextInt(0x7F00));
        }
        float[] x = new float[Pairs.count(count) + 1];
        Pairs.load(source, 1, count, x, 1);
        for (int i = 0; i < count; i++) {
          int pair = Float.floatToRawIntBits(x[1 + i / 2]);
          assertThat(i % 2 == 0 ? pair >> 16 : (short) pair)
              .as("seed %d, element %d of %d", SEED, i, count)
              .isEqualTo(source.getAtIndex(ValueLayout.JAVA_SHORT, i + 1));
        }
      }
    }
  }

  private static int[] expected(float[] x) {
    int[] pairs = new int[Pairs.count(x.length)];
    for (int i = 0; i < x.length; i++) {
      int number = Tensor.toBFloat16(x[i]) & 0xFFFF;
      pairs[i / 2] |= i % 2 == 0 ? number << 16 : number;
    }
    return pairs;
  }
}
