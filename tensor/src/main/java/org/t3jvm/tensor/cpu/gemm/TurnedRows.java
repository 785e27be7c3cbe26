package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.cpu.kernel.Frame;

/** The rows of a product's left side as the columns of its transposed one. */
record TurnedRows(RowSource rows) implements Columns {
  @Override
  public int columns() {
    return Math.toIntExact(rows.rows());
  }

  @Override
  public int depth() {
    return rows.depth();
  }

  @Override
  public void read(Frame frame, int column, int from, int count, float[] target, int at) {
    rows.pack(frame, column, 1, from, count, target, at);
  }
}
