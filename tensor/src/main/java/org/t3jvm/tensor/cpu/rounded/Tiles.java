package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.machine.TileCode;
import org.t3jvm.tensor.cpu.machine.TileKind;

/**
 * The innermost loops of products of rounded operands. These consist of units of steps along the
 * inner size, see {@link TileKind}; pairs of BF16 have the first in the upper half of 32 bits. All
 * kernels of a kind add in the same order, and so give the same sums, as long as these are no
 * subnormal numbers: processors make those of BF16 zero.
 */
public interface Tiles {
  /** Rows that kernels multiply together: blocks of so many are whole. */
  int ROWS = TileCode.ROWS;

  /** Columns of a panel. */
  int COLUMNS = TileCode.COLUMNS;

  /** Bytes of a pair. */
  int PAIR = Integer.BYTES;

  /** Bytes of a pair of each column of a panel. */
  int PANEL_PAIR = COLUMNS * PAIR;

  /** The fastest kernels of this process. */
  static Tiles best(TileKind kind) {
    return TilesChoice.of(kind).tiles();
  }

  /** What is multiplied. */
  TileKind kind();

  /**
   * {@code c [rows, columns] = a b}, or {@code c += a b}. Places and strides are in bytes.
   *
   * @param a rows of units, {@code aStride} apart
   * @param b a panel: {@link #COLUMNS} words for each word of the units of a column
   * @param units at least 1
   * @param c rows of F32, {@code cStride} apart
   * @param columns that are there, at most {@link #COLUMNS}
   */
  void multiply(
      MemorySegment a,
      long aAt,
      long aStride,
      MemorySegment b,
      long bAt,
      int units,
      MemorySegment c,
      long cAt,
      long cStride,
      int rows,
      int columns,
      boolean adds);
}
