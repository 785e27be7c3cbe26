package org.t3jvm.tensor.cpu.rounded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.cpu.machine.TileLoops;

/** Tiles of random shapes by each kind of kernels, bit for bit against plain loops. */
class TilesTest {
  private static final long SEED = 31;
  private static final int CASES = 500;
  private static final int MOST_ROWS = 40;
  private static final int MOST_UNITS = 9;

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @EnumSource
  void agreeWithLoops(TileKind kind) {
    try (Arena arena = Arena.ofConfined()) {
      int rowWords = kind.rowWords();
      MemorySegment a = arena.allocate(8L + MOST_ROWS * ((long) MOST_UNITS * kind.rowUnit() + 8));
      MemorySegment b = arena.allocate(8L + (long) MOST_UNITS * kind.panelUnit());
      MemorySegment c = arena.allocate(ValueLayout.JAVA_FLOAT, 2 + MOST_ROWS * Tiles.COLUMNS);
      for (int i = 0; i < CASES; i++) {
        int rows = 1 + random.nextInt(MOST_ROWS);
        int units = 1 + random.nextInt(MOST_UNITS);
        int columns = 1 + random.nextInt(Tiles.COLUMNS);
        int stride = units * rowWords + random.nextInt(3);
        int at = random.nextInt(3);
        boolean adds = random.nextBoolean();
        for (int row = 0; row < rows; row++) {
          long from = 4L * (at + row * stride);
          TileLoops.fillRows(kind, a.asSlice(from, (long) units * kind.rowUnit()), random);
        }
        TileLoops.fillPanel(kind, b.asSlice(4L * at, (long) units * kind.panelUnit()), random);
        for (int j = 0; j < c.byteSize() / 4; j++) {
          c.setAtIndex(ValueLayout.JAVA_FLOAT, j, random.nextFloat() - 0.5f);
        }
        float[] before = c.toArray(ValueLayout.JAVA_FLOAT);
        float[] expected = before.clone();
        for (int row = 0; row < rows; row++) {
          for (int column = 0; column < columns; column++) {
            int to = at + row * columns + column;
            expected[to] =
                TileLoops.sum(
                    kind,
                    adds ? before[to] : 0,
                    a,
                    4L * (at + row * stride),
                    b,
                    4L * (at + column),
                    units);
          }
        }
        for (Map.Entry<String, Tiles> tiles : TestTiles.all(kind).entrySet()) {
          MemorySegment.copy(before, 0, c, ValueLayout.JAVA_FLOAT, 0, before.length);
          tiles
              .getValue()
              .multiply(
                  a,
                  4L * at,
                  4L * stride,
                  b,
                  4L * at,
                  units,
                  c,
                  4L * at,
                  4L * columns,
                  rows,
                  columns,
                  adds);
          assertThat(c.toArray(ValueLayout.JAVA_FLOAT))
              .as(
                  "%s %s, seed %d, case %d: %d rows, %d columns, %d units",
                  kind, tiles.getKey(), SEED, i, rows, columns, units)
              .isEqualTo(expected);
        }
      }
    }
  }

  /** Emitted code is called only with operands that lie within their memory. */
  @ParameterizedTest
  @EnumSource
  void refuseWhatLiesOutside(TileKind kind) {
    int row = 3 * kind.rowUnit();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(13L * row);
      MemorySegment b = arena.allocate(3L * kind.panelUnit());
      MemorySegment c = arena.allocate(4 * 32 * 13);
      for (Tiles tiles : TestTiles.all(kind).values()) {
        tiles.multiply(a, 0, row, b, 0, 3, c, 0, 128, 13, 32, false);
        assertThatThrownBy(() -> tiles.multiply(a, 4, row, b, 0, 3, c, 0, 128, 13, 32, false))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tiles.multiply(a, 0, row, b, 4, 3, c, 0, 128, 13, 32, false))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tiles.multiply(a, 0, row, b, 0, 3, c, 4, 128, 13, 32, false))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }
}
