package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.machine.TileCode;

/**
 * The innermost loops of products of BF16. Operands are pairs of numbers that follow each other
 * along the inner size, the first in the upper half of 32 bits. All kernels add them in this order,
 * and so give the same sums, as long as these are no subnormal numbers: processors make them zero.
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
  static Tiles best() {
    return TilesChoice.current().tiles();
  }

  /**
   * {@code c [rows, columns] = a b}, or {@code c += a b}. Places and strides are in bytes.
   *
   * @param a rows of pairs, {@code aStride} apart
   * @param b a panel: {@link #COLUMNS} pairs for each pair of steps
   * @param pairs pairs of steps, at least 1
   * @param c rows of F32, {@code cStride} apart
   * @param columns that are there, at most {@link #COLUMNS}
   */
  void multiply(
      MemorySegment a,
      long aAt,
      long aStride,
      MemorySegment b,
      long bAt,
      int pairs,
      MemorySegment c,
      long cAt,
      long cStride,
      int rows,
      int columns,
      boolean adds);
}
