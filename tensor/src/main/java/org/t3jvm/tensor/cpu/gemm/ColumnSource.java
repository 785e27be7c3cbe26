package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.Frame;

/** The columns of a product's right side: one column is what one output is made of. */
interface ColumnSource {
  /** Number of columns. */
  int columns();

  /** Elements of a column. */
  int depth();

  /** Stored type of the elements: F32, BF16 or F16. */
  DType dtype();

  /** Copies elements {@code [from, from + count)} of a column, widened, to {@code target}. */
  void read(Frame frame, int column, int from, int count, float[] target, int at);
}
