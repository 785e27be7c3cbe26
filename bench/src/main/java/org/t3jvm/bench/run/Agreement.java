package org.t3jvm.bench.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Precision;

/** Whether a peer computed what we did: a ratio between different results means nothing. */
final class Agreement {
  /** Sums of ten thousand products, through the depth of a block, in another order. */
  private static final double F32_BOUND = 1e-3;

  /**
   * Every intermediate rounded to 8 bits of mantissa, through the depth of a block and back: the
   * root of the mean square. The largest of the 14 million differences of a gradient is no measure,
   * as it grows with their number.
   */
  private static final double BF16_BOUND = 0.1;

  private static final String BF16_SUFFIX = "-bf16";
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Agreement() {}

  /**
   * In one line how a peer's outputs differ from ours, if they do beyond its precision and ours.
   */
  static Optional<String> difference(
      String peer, Precision precision, Map<String, Tensor> ours, Map<String, Tensor> theirs) {
    boolean rounded = precision != Precision.F32 || peer.endsWith(BF16_SUFFIX);
    double bound = rounded ? BF16_BOUND : F32_BOUND;
    for (Map.Entry<String, Tensor> output : ours.entrySet()) {
      Tensor other = theirs.get(output.getKey());
      Distance distance = other == null ? Distance.NONE : distance(output.getValue(), other);
      double error = rounded ? distance.mean() : distance.largest();
      if (!(error <= bound)) {
        return Optional.of(
            "output '%s' of %s differs from ours by %.2g of the %s value; %.2g is allowed"
                .formatted(
                    output.getKey(), peer, error, rounded ? "root mean square" : "largest", bound));
      }
    }
    return Optional.empty();
  }

  /**
   * How far two F32 tensors are from each other.
   *
   * @param largest the largest difference as a share of the largest magnitude
   * @param mean the root of the mean squared difference as a share of that of the values
   */
  record Distance(double largest, double mean) {
    static final Distance NONE = new Distance(Double.NaN, Double.NaN);
  }

  static Distance distance(Tensor a, Tensor b) {
    if (a.dtype() != DType.F32 || b.dtype() != DType.F32 || !a.shape().equals(b.shape())) {
      throw new IllegalArgumentException(
          "compare: %s and %s are not F32 of one shape".formatted(a, b));
    }
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    double largest = 0;
    double difference = 0;
    double squares = 0;
    double differences = 0;
    for (long at = 0; at < left.byteSize(); at += Float.BYTES) {
      float x = left.get(F32, at);
      float y = right.get(F32, at);
      if (!Float.isFinite(x) || !Float.isFinite(y)) {
        return Distance.NONE;
      }
      double d = Math.abs((double) x - y);
      largest = Math.max(largest, Math.abs(x));
      difference = Math.max(difference, d);
      squares += (double) x * x;
      differences += d * d;
    }
    return new Distance(
        share(difference, largest), share(Math.sqrt(differences), Math.sqrt(squares)));
  }

  private static double share(double difference, double of) {
    return of == 0 ? difference : difference / of;
  }
}
