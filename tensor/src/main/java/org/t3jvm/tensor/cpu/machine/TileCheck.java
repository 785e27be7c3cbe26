package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Compares each function of {@link TileCode} with plain loops, bit for bit. */
final class TileCheck {
  private static final int PAIRS = 7;
  private static final int BLOCKS = 2;
  private static final long SEED = 21;

  private TileCheck() {}

  /** The first difference, or null if there is none. */
  static @Nullable String firstDifference(TileCode code) {
    Random random = new Random(SEED);
    for (int rows = 1; rows <= TileCode.ROWS; rows++) {
      for (int columns : new int[] {1, 15, 16, 17, TileCode.COLUMNS}) {
        for (boolean adds : new boolean[] {false, true}) {
          String difference = difference(code, rows, columns, adds, random);
          if (difference != null) {
            return difference;
          }
        }
      }
    }
    return null;
  }

  private static @Nullable String difference(
      TileCode code, int rows, int columns, boolean adds, Random random) {
    int count = rows * BLOCKS;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = pairs(arena, count * PAIRS, random);
      MemorySegment b = pairs(arena, PAIRS * TileCode.COLUMNS, random);
      MemorySegment c = arena.allocate(ValueLayout.JAVA_FLOAT, (long) count * columns);
      for (int i = 0; i < count * columns; i++) {
        c.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
      }
      float[] expected = c.toArray(ValueLayout.JAVA_FLOAT);
      for (int row = 0; row < count; row++) {
        for (int column = 0; column < columns; column++) {
          int at = row * columns + column;
          expected[at] = sum(a, row, b, column, adds ? expected[at] : 0);
        }
      }
      code.run(
          rows,
          a.address(),
          PAIRS * Integer.BYTES,
          b.address(),
          PAIRS,
          c.address(),
          (long) columns * Float.BYTES,
          BLOCKS,
          (1L << columns) - 1,
          adds);
      for (int i = 0; i < expected.length; i++) {
        float actual = c.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        if (Float.floatToRawIntBits(actual) != Float.floatToRawIntBits(expected[i])) {
          return "row %d of %d, column %d of %d is %s, should be %s"
              .formatted(i / columns, count, i % columns, columns, actual, expected[i]);
        }
      }
      return null;
    }
  }

  private static float sum(MemorySegment a, int row, MemorySegment b, int column, float start) {
    float sum = start;
    for (int pair = 0; pair < PAIRS; pair++) {
      int x = a.getAtIndex(ValueLayout.JAVA_INT, (long) row * PAIRS + pair);
      int y = b.getAtIndex(ValueLayout.JAVA_INT, (long) pair * TileCode.COLUMNS + column);
      sum = Math.fma(upper(x), upper(y), sum);
      sum = Math.fma(lower(x), lower(y), sum);
    }
    return sum;
  }

  private static float upper(int pair) {
    return Float.intBitsToFloat(pair & 0xFFFF0000);
  }

  private static float lower(int pair) {
    return Float.intBitsToFloat(pair << Short.SIZE);
  }

  /** Pairs of BF16 numbers between 1/256 and 2 in magnitude. */
  private static MemorySegment pairs(Arena arena, int count, Random random) {
    MemorySegment pairs = arena.allocate(ValueLayout.JAVA_INT, count);
    for (int i = 0; i < count; i++) {
      int pair = number(random) << Short.SIZE | number(random);
      pairs.setAtIndex(ValueLayout.JAVA_INT, i, pair);
    }
    return pairs;
  }

  private static int number(Random random) {
    int exponent = 119 + random.nextInt(9);
    return random.nextInt(2) << 15 | exponent << 7 | random.nextInt(128);
  }
}
