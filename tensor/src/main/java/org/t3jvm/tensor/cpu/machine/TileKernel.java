package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/** The innermost part of {@link TileCode} for one {@link TileKind}, and what it computes. */
interface TileKernel {
  /** What the processor must have beside AVX512BW. */
  String feature();

  /** Rows of a block at most: as many as registers hold sums of. */
  int rows();

  /** Numbers that {@link #emitProduct} multiplies in each lane. */
  int numbersOfLane();

  /** The instruction that multiplies, over registers alone. */
  void emitProduct(Assembler a, int sums, int row, int column);

  /**
   * Adds the products of one unit to the F32 sums in registers 0 to 2 {@code rows} - 1, two for
   * each row. Rows lie at {@link TileCode#row}, the columns at {@link TileCode#NEXT_B}.
   */
  void emitUnit(Assembler a, int rows);

  /** A word of a unit of a row that tiles may be given. */
  int rowWord(int word, Random random);

  /** A word of a unit of a column that tiles may be given. */
  int columnWord(int word, Random random);

  /**
   * One sum, by plain Java.
   *
   * @param sum what the unit's products are added to
   * @param a words of a unit of a row from byte {@code aAt} on
   * @param b a panel, with the first word of a unit of the column at byte {@code bAt}
   */
  float add(float sum, MemorySegment a, long aAt, MemorySegment b, long bAt);
}
