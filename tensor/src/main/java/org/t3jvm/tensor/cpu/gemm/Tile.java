package org.t3jvm.tensor.cpu.gemm;

import java.util.Locale;
import org.t3jvm.tensor.cpu.vector.Lanes;

/** The shape of the register tile, by how many vector registers the machine has. */
public final class Tile {
  /** Rows of a tile. Twelve rows of two vectors need 27 registers, six need 15. */
  public static final int ROWS = manyRegisters() ? 12 : 6;

  /** Columns of a tile: two vectors. */
  public static final int COLUMNS = 2 * Lanes.COUNT;

  /** Steps along the inner size that are summed in registers before they are added to memory. */
  public static final int DEPTH = 256;

  /** Floats of a tile. */
  public static final int SIZE = ROWS * COLUMNS;

  private Tile() {}

  private static boolean manyRegisters() {
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return arch.equals("aarch64") || Lanes.F.vectorBitSize() == 512;
  }

  /** {@code n} rounded up to whole tile rows. */
  public static int wholeRows(int n) {
    return Math.ceilDiv(n, ROWS) * ROWS;
  }

  /** Panels of {@link #COLUMNS} columns that hold {@code columns}. */
  public static int panels(long columns) {
    return Math.toIntExact(Math.ceilDiv(columns, (long) COLUMNS));
  }
}
