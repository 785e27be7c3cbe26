package org.t3jvm.tensor.optim;

import java.util.stream.LongStream;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/** Elements in blocks, which threads take in any order. */
final class Blocks {
  private static final long ELEMENTS = 1 << 16;

  private Blocks() {}

  /** What is done with elements {@code [from, to)}. */
  @FunctionalInterface
  interface Range {
    void run(long from, long to);
  }

  /** The sum over elements {@code [from, to)}. */
  @FunctionalInterface
  interface Sum {
    double of(long from, long to);
  }

  static void run(long count, Range range) {
    blocks(count)
        .parallel()
        .forEach(block -> range.run(block * ELEMENTS, Math.min(count, (block + 1) * ELEMENTS)));
  }

  /** The sums of all blocks, added in order. */
  static double sum(long count, Sum sum) {
    double[] parts =
        blocks(count)
            .parallel()
            .mapToDouble(block -> sum.of(block * ELEMENTS, Math.min(count, (block + 1) * ELEMENTS)))
            .toArray();
    double total = 0;
    for (double part : parts) {
      total += part;
    }
    return total;
  }

  private static LongStream blocks(long count) {
    return LongStream.range(0, Math.ceilDiv(count, ELEMENTS));
  }

  static void requireAlike(String what, Tensor a, String other, Tensor b) {
    if (a.dtype() != DType.F32 || b.dtype() != DType.F32 || !a.shape().equals(b.shape())) {
      throw new IllegalArgumentException(
          "%s is %s, %s is %s; both must be F32 of one shape".formatted(what, a, other, b));
    }
  }
}
