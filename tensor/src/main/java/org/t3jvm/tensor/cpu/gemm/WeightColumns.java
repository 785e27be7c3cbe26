package org.t3jvm.tensor.cpu.gemm;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.move.ScaledRows;
import org.t3jvm.tensor.graph.Value;

/**
 * Rows of a weight [N, K] or [N, K, 1, 1, 1], used where it lies: F32, BF16, F16 or quantised.
 *
 * @param scaled the rows of a quantised weight, or null
 */
public record WeightColumns(Value weight, @Nullable ScaledRows scaled) implements Columns {
  /** The weight of a linear map. */
  public static WeightColumns of(Value weight) {
    return new WeightColumns(weight, ScaledRows.of(weight));
  }

  @Override
  public int columns() {
    return weight.shape().intDim(0);
  }

  @Override
  public int depth() {
    return weight.shape().intDim(1);
  }

  @Override
  public void read(Frame frame, int column, int from, int count, float[] target, int at) {
    if (scaled != null) {
      scaled.read(frame, column, from, count, target, at);
      return;
    }
    long start = (long) column * depth() + from;
    FloatCopies.widen(weight.dtype(), frame.segment(weight), start, count, target, at);
  }
}
