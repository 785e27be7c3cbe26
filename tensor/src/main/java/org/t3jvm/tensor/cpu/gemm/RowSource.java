package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.cpu.Frame;

/** The rows of a product's left side, as the micro-kernel wants them. */
interface RowSource {
  /** Number of rows. */
  long rows();

  /** Elements of a row. */
  int depth();

  /**
   * Copies elements {@code [from, from + count)} of consecutive rows, each to the start of {@link
   * Tile#DEPTH} floats of {@code target}; what lies beyond {@code count} is left alone.
   */
  void pack(Frame frame, long firstRow, int rows, int from, int count, float[] target, int at);
}
