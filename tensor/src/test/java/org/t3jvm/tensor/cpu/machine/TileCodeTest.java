package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tiles of random shapes and alignments, operands against pages that nobody may touch, bit for bit
 * against plain loops.
 */
class TileCodeTest {
  private static final long SEED = 12;
  private static final int CASES = 10_000;
  private static final long BYTES = 1 << 16;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @EnumSource
  void agreesWithLoopsAndTouchesNothingElse(TileKind kind) {
    TileCode code = Machine.of(kind).tiles();
    if (code == null) {
      Assumptions.abort(Machine.of(kind).description());
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
    TileKind kind = code.kind();
    int rows = 1 + random.nextInt(code.rows());
    int blocks = 1 + random.nextInt(3);
    int units = 1 + random.nextInt(kind == TileKind.BF16 ? 12 : 3);
    int columns = 1 + random.nextInt(TileCode.COLUMNS);
    boolean adds = random.nextBoolean();
    int count = rows * blocks;
    long aStride = (long) units * kind.rowUnit() + 4L * random.nextInt(3);
    long cStride = 4L * (columns + random.nextInt(5));
    MemorySegment a = place(ga, (count - 1) * aStride + (long) units * kind.rowUnit());
    MemorySegment b = place(gb, (long) units * kind.panelUnit());
    MemorySegment c = place(gc, (count - 1) * cStride + 4L * columns);
    for (int row = 0; row < count; row++) {
      TileLoops.fillRows(kind, a.asSlice(row * aStride, (long) units * kind.rowUnit()), random);
    }
    TileLoops.fillPanel(kind, b, random);
    for (long at = 0; at + 4 <= c.byteSize(); at += 4) {
      c.set(FLOAT, at, random.nextFloat() - 0.5f);
    }
    float[] before = floats(c);
    code.run(
        rows,
        a.address(),
        aStride,
        b.address(),
        units,
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
        expected =
            TileLoops.sum(kind, adds ? expected : 0, a, row * aStride, b, 4L * column, units);
      }
      if (Float.floatToRawIntBits(after[at]) != Float.floatToRawIntBits(expected)) {
        throw new AssertionError(
            ("%s, seed %d, case %d: %d rows, %d blocks, %d units, %d columns, adds %s: row %d,"
                    + " column %d is %s, should be %s")
                .formatted(
                    kind, SEED, i, rows, blocks, units, columns, adds, row, column, after[at],
                    expected));
      }
    }
  }

  /** Against one guard or the other. */
  private MemorySegment place(GuardedMemory memory, long bytes) {
    return random.nextBoolean() ? memory.end(bytes) : memory.start(bytes);
  }

  private static float[] floats(MemorySegment c) {
    float[] floats = new float[(int) (c.byteSize() / 4)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = c.get(FLOAT, 4L * i);
    }
    return floats;
  }
}
