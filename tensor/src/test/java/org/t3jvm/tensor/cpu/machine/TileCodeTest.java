package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Tiles of random shapes and alignments, operands against pages that nobody may touch, bit for bit
 * against plain loops.
 */
class TileCodeTest {
  private static final long SEED = 12;
  private static final int CASES = 10_000;
  private static final long BYTES = 1 << 16;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Random random = new Random(SEED);

  @Test
  void agreesWithLoopsAndTouchesNothingElse() {
    TileCode code = Machine.current().tiles();
    if (code == null) {
      Assumptions.abort(Machine.current().description());
      return;
    }
    Assumptions.assumeTrue(System.getProperty("os.name", "").startsWith("Linux"));
    try (GuardedMemory a = new GuardedMemory(BYTES);
        GuardedMemory b = new GuardedMemory(BYTES);
        GuardedMemory c = new GuardedMemory(BYTES)) {
      for (int i = 0; i < CASES; i++) {
        check(code, a, b, c, i);
      }
    }
  }

  private void check(TileCode code, GuardedMemory ga, GuardedMemory gb, GuardedMemory gc, int i) {
    int rows = 1 + random.nextInt(TileCode.ROWS);
    int blocks = 1 + random.nextInt(3);
    int pairs = 1 + random.nextInt(12);
    int columns = 1 + random.nextInt(TileCode.COLUMNS);
    boolean adds = random.nextBoolean();
    int count = rows * blocks;
    long aStride = 4L * (pairs + random.nextInt(3));
    long cStride = 4L * (columns + random.nextInt(5));
    MemorySegment a = place(ga, (count - 1) * aStride + 4L * pairs);
    MemorySegment b = place(gb, 4L * pairs * TileCode.COLUMNS);
    MemorySegment c = place(gc, (count - 1) * cStride + 4L * columns);
    fillPairs(a);
    fillPairs(b);
    for (long at = 0; at + 4 <= c.byteSize(); at += 4) {
      c.set(FLOAT, at, random.nextFloat() - 0.5f);
    }
    float[] before = floats(c);
    code.run(
        rows,
        a.address(),
        aStride,
        b.address(),
        pairs,
        c.address(),
        cStride,
        blocks,
        (1L << columns) - 1,
        adds);
    float[] after = floats(c);
    for (int at = 0; at < after.length; at++) {
      int row = (int) (at * 4L / cStride);
      int column = (int) (at * 4L % cStride / 4);
      float expected = before[at];
      if (column < columns) {
        expected = adds ? expected : 0;
        for (int pair = 0; pair < pairs; pair++) {
          int x = a.get(INT, row * aStride + 4L * pair);
          int y = b.get(INT, 4L * (pair * TileCode.COLUMNS + column));
          expected =
              Math.fma(
                  Float.intBitsToFloat(x & 0xFFFF0000),
                  Float.intBitsToFloat(y & 0xFFFF0000),
                  expected);
          expected =
              Math.fma(Float.intBitsToFloat(x << 16), Float.intBitsToFloat(y << 16), expected);
        }
      }
      if (Float.floatToRawIntBits(after[at]) != Float.floatToRawIntBits(expected)) {
        throw new AssertionError(
            ("seed %d, case %d: %d rows, %d blocks, %d pairs, %d columns, adds %s: row %d, column"
                    + " %d is %s, should be %s")
                .formatted(
                    SEED, i, rows, blocks, pairs, columns, adds, row, column, after[at], expected));
      }
    }
  }

  /** Against one guard or the other. */
  private MemorySegment place(GuardedMemory memory, long bytes) {
    return random.nextBoolean() ? memory.end(bytes) : memory.start(bytes);
  }

  private void fillPairs(MemorySegment pairs) {
    for (long at = 0; at + 4 <= pairs.byteSize(); at += 4) {
      pairs.set(INT, at, number() << 16 | number());
    }
  }

  /** A BF16 number between 2^-8 and 2 in magnitude. */
  private int number() {
    return random.nextInt(2) << 15 | (119 + random.nextInt(9)) << 7 | random.nextInt(128);
  }

  private static float[] floats(MemorySegment c) {
    float[] floats = new float[(int) (c.byteSize() / 4)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = c.get(FLOAT, 4L * i);
    }
    return floats;
  }
}
