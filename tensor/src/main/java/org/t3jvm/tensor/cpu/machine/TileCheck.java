package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Compares each function of {@link TileCode} with plain loops, bit for bit. */
final class TileCheck {
  private static final int UNITS = 7;
  private static final int BLOCKS = 2;
  private static final long SEED = 21;

  private TileCheck() {}

  /** The first difference, or null if there is none. */
  static @Nullable String firstDifference(TileCode code) {
    Random random = new Random(SEED);
    for (int rows = 1; rows <= code.rows(); rows++) {
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
    TileKind kind = code.kind();
    TileKernel kernel = kind.kernel();
    int count = rows * BLOCKS;
    long stride = (long) UNITS * kind.rowUnit();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(count * stride);
      for (int i = 0; i < count * UNITS * kind.rowWords(); i++) {
        a.setAtIndex(ValueLayout.JAVA_INT, i, kernel.rowWord(i % kind.rowWords(), random));
      }
      MemorySegment b = arena.allocate((long) UNITS * kind.panelUnit());
      for (int i = 0; i < UNITS * kind.columnWords() * TileCode.COLUMNS; i++) {
        int word = i / TileCode.COLUMNS % kind.columnWords();
        b.setAtIndex(ValueLayout.JAVA_INT, i, kernel.columnWord(word, random));
      }
      MemorySegment c = arena.allocate(ValueLayout.JAVA_FLOAT, (long) count * columns);
      for (int i = 0; i < count * columns; i++) {
        c.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
      }
      float[] expected = c.toArray(ValueLayout.JAVA_FLOAT);
      for (int row = 0; row < count; row++) {
        for (int column = 0; column < columns; column++) {
          int at = row * columns + column;
          float sum = adds ? expected[at] : 0;
          for (int unit = 0; unit < UNITS; unit++) {
            long from = row * stride + (long) unit * kind.rowUnit();
            long panel = (long) unit * kind.panelUnit() + (long) column * Integer.BYTES;
            sum = kernel.add(sum, a, from, b, panel);
          }
          expected[at] = sum;
        }
      }
      code.run(
          rows,
          a.address(),
          stride,
          b.address(),
          UNITS,
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
}
