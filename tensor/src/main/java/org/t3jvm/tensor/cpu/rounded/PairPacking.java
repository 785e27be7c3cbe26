package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.gemm.WeightColumns;
import org.t3jvm.tensor.cpu.kernel.Frame;

/** Rounds to pairs of BF16. Weights that are BF16 are moved as they are. */
record PairPacking() implements Packing {
  @Override
  public void row(
      MemorySegment source, long from, int depth, MemorySegment target, long to, float[] scratch) {
    Pairs.round(source, from, depth, target, to);
  }

  @Override
  public void column(
      Frame frame, WeightColumns weights, int column, int from, int count, float[] x, int at) {
    if (weights.weight().dtype() == DType.BF16) {
      long start = (long) column * weights.depth() + from;
      Pairs.load(frame.segment(weights.weight()), start, count, x, at);
    } else {
      weights.read(frame, column, from, count, x, at);
      Pairs.round(x, at, count);
    }
  }
}
