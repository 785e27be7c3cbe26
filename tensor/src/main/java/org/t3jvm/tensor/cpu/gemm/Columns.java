package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.cpu.kernel.Frame;

/** Columns of a product's right side that lie one after the other. */
interface Columns {
  /** Number of columns. */
  int columns();

  /** Elements of a column. */
  int depth();

  /** Copies elements {@code [from, from + count)} of a column, widened, to {@code target}. */
  void read(Frame frame, int column, int from, int count, float[] target, int at);
}
