package org.t3jvm.tensor.cpu.rounded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tiles of random shapes by each kind of kernels, bit for bit against plain loops. */
class TilesTest {
  private static final long SEED = 31;
  private static final int CASES = 500;
  private static final int MOST_ROWS = 40;
  private static final int MOST_PAIRS = 9;

  private final Random random = new Random(SEED);

  @Test
  void agreeWithLoops() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = pairs(arena, 2 + MOST_ROWS * (MOST_PAIRS + 2));
      MemorySegment b = pairs(arena, 2 + MOST_PAIRS * Tiles.COLUMNS);
      MemorySegment c = arena.allocate(ValueLayout.JAVA_FLOAT, 2 + MOST_ROWS * Tiles.COLUMNS);
      for (int i = 0; i < CASES; i++) {
        int rows = 1 + random.nextInt(MOST_ROWS);
        int pairs = 1 + random.nextInt(MOST_PAIRS);
        int columns = 1 + random.nextInt(Tiles.COLUMNS);
        int stride = pairs + random.nextInt(3);
        int at = random.nextInt(3);
        boolean adds = random.nextBoolean();
        for (int j = 0; j < c.byteSize() / 4; j++) {
          c.setAtIndex(ValueLayout.JAVA_FLOAT, j, random.nextFloat() - 0.5f);
        }
        float[] before = c.toArray(ValueLayout.JAVA_FLOAT);
        float[] expected = before.clone();
        for (int row = 0; row < rows; row++) {
          for (int column = 0; column < columns; column++) {
            int to = at + row * columns + column;
            float sum = adds ? before[to] : 0;
            for (int pair = 0; pair < pairs; pair++) {
              int x = a.getAtIndex(ValueLayout.JAVA_INT, at + row * stride + pair);
              int y = b.getAtIndex(ValueLayout.JAVA_INT, at + pair * Tiles.COLUMNS + column);
              sum = Math.fma(upper(x), upper(y), sum);
              sum = Math.fma(upper(x << 16), upper(y << 16), sum);
            }
            expected[to] = sum;
          }
        }
        for (Map.Entry<String, Tiles> tiles : TestTiles.all().entrySet()) {
          MemorySegment.copy(before, 0, c, ValueLayout.JAVA_FLOAT, 0, before.length);
          tiles
              .getValue()
              .multiply(
                  a,
                  4L * at,
                  4L * stride,
                  b,
                  4L * at,
                  pairs,
                  c,
                  4L * at,
                  4L * columns,
                  rows,
                  columns,
                  adds);
          assertThat(c.toArray(ValueLayout.JAVA_FLOAT))
              .as(
                  "%s, seed %d, case %d: %d rows, %d columns, %d pairs",
                  tiles.getKey(), SEED, i, rows, columns, pairs)
              .isEqualTo(expected);
        }
      }
    }
  }

  private static float upper(int pair) {
    return Float.intBitsToFloat(pair & 0xFFFF0000);
  }

  private MemorySegment pairs(Arena arena, int count) {
    MemorySegment pairs = arena.allocate(ValueLayout.JAVA_INT, count);
    for (int i = 0; i < count; i++) {
      int upper = Float.floatToRawIntBits((float) random.nextGaussian()) & 0xFFFF0000;
      int lower = Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16;
      pairs.setAtIndex(ValueLayout.JAVA_INT, i, upper | lower);
    }
    return pairs;
  }

  /** Emitted code is called only with operands that lie within their memory. */
  @Test
  void refuseWhatLiesOutside() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(4 * 3 * 13);
      MemorySegment b = arena.allocate(128 * 3);
      MemorySegment c = arena.allocate(4 * 20 * 13);
      for (Tiles tiles : TestTiles.all().values()) {
        tiles.multiply(a, 0, 12, b, 0, 3, c, 0, 80, 13, 20, false);
        assertThatThrownBy(() -> tiles.multiply(a, 4, 12, b, 0, 3, c, 0, 80, 13, 20, false))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tiles.multiply(a, 0, 12, b, 4, 3, c, 0, 80, 13, 20, false))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tiles.multiply(a, 0, 12, b, 0, 3, c, 4, 80, 13, 20, false))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }
}
