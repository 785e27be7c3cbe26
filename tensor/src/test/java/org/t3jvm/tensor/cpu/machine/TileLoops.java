package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Operands of tiles of each kind, and their sums in plain loops. */
public final class TileLoops {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final long COLUMN = 4L * TileCode.COLUMNS;

  private TileLoops() {}

  /** Random units of rows. */
  public static void fillRows(TileKind kind, MemorySegment rows, Random random) {
    for (long at = 0; at + 4 <= rows.byteSize(); at += 4) {
      switch (kind) {
        case BF16 -> rows.set(INT, at, pair(random));
        case INT8 -> {
          if (at / 4 % kind.rowWords() == 16) {
            rows.set(FLOAT, at, random.nextFloat());
          } else {
            rows.set(INT, at, random.nextInt());
          }
        }
      }
    }
  }

  /** Random units of columns; those of int8 start from what 128 in each step of a row adds. */
  public static void fillPanel(TileKind kind, MemorySegment panel, Random random) {
    for (long at = 0; at + kind.panelUnit() <= panel.byteSize(); at += kind.panelUnit()) {
      for (int column = 0; column < TileCode.COLUMNS; column++) {
        long to = at + 4L * column;
        switch (kind) {
          case BF16 -> panel.set(INT, to, pair(random));
          case INT8 -> {
            int sum = 0;
            for (int word = 0; word < 16; word++) {
              int codes = random.nextInt();
              panel.set(INT, to + word * COLUMN, codes);
              for (int shift = 0; shift < 32; shift += 8) {
                sum += (byte) (codes >> shift);
              }
            }
            panel.set(INT, to + 16 * COLUMN, -128 * sum);
            panel.set(FLOAT, to + 17 * COLUMN, random.nextFloat() - 0.5f);
          }
        }
      }
    }
  }

  /**
   * What a chain of sums ends with.
   *
   * @param aAt byte at which the row starts
   * @param bAt byte at which the column starts
   */
  public static float sum(
      TileKind kind, float start, MemorySegment a, long aAt, MemorySegment b, long bAt, int units) {
    float sum = start;
    for (int unit = 0; unit < units; unit++) {
      long row = aAt + (long) unit * kind.rowUnit();
      long column = bAt + (long) unit * kind.panelUnit();
      sum =
          switch (kind) {
            case BF16 -> {
              int x = a.get(INT, row);
              int y = b.get(INT, column);
              yield Math.fma(upper(x << 16), upper(y << 16), Math.fma(upper(x), upper(y), sum));
            }
            case INT8 -> {
              int products = 0;
              for (int step = 0; step < 64; step++) {
                int code = (a.get(ValueLayout.JAVA_BYTE, row + step) & 0xFF) - 128;
                long at = column + step / 4 * COLUMN + step % 4;
                products += code * b.get(ValueLayout.JAVA_BYTE, at);
              }
              float scale = a.get(FLOAT, row + 64) * b.get(FLOAT, column + 17 * COLUMN);
              yield Math.fma((float) products, scale, sum);
            }
          };
    }
    return sum;
  }

  private static float upper(int pair) {
    return Float.intBitsToFloat(pair & 0xFFFF0000);
  }

  private static int pair(Random random) {
    return number(random) << 16 | number(random);
  }

  /** A BF16 number between 2^-8 and 2 in magnitude. */
  private static int number(Random random) {
    return random.nextInt(2) << 15 | (119 + random.nextInt(9)) << 7 | random.nextInt(128);
  }
}
