package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.graph.Value;

/** Rows of a weight [N, K] or [N, K, 1, 1, 1], F32, BF16 or F16, used where it lies. */
record WeightColumns(Value weight) {
  /** Number of columns. */
  int columns() {
    return weight.shape().intDim(0);
  }

  /** Elements of a column. */
  int depth() {
    return weight.shape().intDim(1);
  }

  /** Copies elements {@code [from, from + count)} of a column, widened, to {@code target}. */
  void read(Frame frame, int column, int from, int count, float[] target, int at) {
    long start = (long) column * depth() + from;
    FloatCopies.widen(weight.dtype(), frame.segment(weight), start, count, target, at);
  }
}
