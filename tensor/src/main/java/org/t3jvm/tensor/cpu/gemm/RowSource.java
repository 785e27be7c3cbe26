package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.cpu.kernel.Frame;

/** The rows of a product's left side, as the micro-kernel wants them. */
public interface RowSource {
  /** Number of rows. */
  long rows();

  /** Elements of a row. */
  int depth();

  /** How many elements from {@code from} on are packed together: at most {@link Tile#DEPTH}. */
  default int steps(int from) {
    return Math.min(Tile.DEPTH, depth() - from);
  }

  /** Rows that {@link #pack} may write beyond those that it is asked for. */
  default int extraRows() {
    return 0;
  }

  /**
   * Packs elements {@code [from, from + count)} of consecutive rows, rows {@link Tile#DEPTH} floats
   * apart; what lies beyond {@code count} is left alone. Of one block of rows the parts along the
   * depth are asked for in order, into the same place: what it finds there from the part before it
   * may use again.
   *
   * @param count {@link #steps} of {@code from}
   * @return where in {@code target} the first row starts, {@code at} or later
   */
  int pack(Frame frame, long firstRow, int rows, int from, int count, float[] target, int at);

  /**
   * Whether some of consecutive rows may have elements other than zero from {@code from} on; if not
   * they are neither packed nor multiplied.
   */
  default boolean mayDiffer(long firstRow, int rows, int from) {
    return true;
  }

  /** The row of the result that a row makes, or -1 if it makes none. */
  default long resultRow(long row) {
    return row;
  }
}
