package org.t3jvm.tensor.cpu.machine;

import java.util.Locale;

/**
 * What tiles multiply. Operands consist of units of some steps along the inner size, and units of
 * words of 32 bits, see the kernels for what they hold.
 */
public enum TileKind {
  /** Pairs of BF16 numbers. */
  BF16(2, 1, 1),
  /** Blocks of 64 codes of int8 with a scale. */
  INT8(BlockKernel.STEPS, BlockKernel.ROW_WORDS, BlockKernel.COLUMN_WORDS);

  private final int steps;
  private final int rowWords;
  private final int columnWords;

  TileKind(int steps, int rowWords, int columnWords) {
    this.steps = steps;
    this.rowWords = rowWords;
    this.columnWords = columnWords;
  }

  TileKernel kernel() {
    return switch (this) {
      case BF16 -> new PairKernel();
      case INT8 -> new BlockKernel();
    };
  }

  /** Steps of a unit. */
  public int steps() {
    return steps;
  }

  /** Units that hold so many steps. */
  public int units(int depth) {
    return Math.ceilDiv(depth, steps);
  }

  /** Words of a unit of a row. */
  public int rowWords() {
    return rowWords;
  }

  /** Words of a unit of a column. */
  public int columnWords() {
    return columnWords;
  }

  /** Bytes of a unit of a row. */
  public int rowUnit() {
    return rowWords * Integer.BYTES;
  }

  /** Bytes of a unit of all columns of a panel. */
  public int panelUnit() {
    return columnWords * TileCode.COLUMNS * Integer.BYTES;
  }

  /** The name as options write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
