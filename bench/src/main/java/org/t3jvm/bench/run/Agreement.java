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

  /** Every intermediate rounded to 8 bits of mantissa, through the depth of a block. */
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
      double error = other == null ? Double.NaN : relativeError(output.getValue(), other);
      if (!(error <= bound)) {
        return Optional.of(
            "output '%s' of %s differs from ours by %.2g of the largest value; %.2g is allowed"
                .formatted(output.getKey(), peer, error, bound));
      }
    }
    return Optional.empty();
  }

  /** The largest difference of two F32 tensors as a share of the largest magnitude. */
  static double relativeError(Tensor a, Tensor b) {
    if (a.dtype() != DType.F32 || b.dtype() != DType.F32 || !a.shape().equals(b.shape())) {
      throw new IllegalArgumentException(
          "compare: %s and %s are not F32 of one shape".formatted(a, b));
    }
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    double largest = 0;
    double difference = 0;
    for (long at = 0; at < left.byteSize(); at += Float.BYTES) {
      float x = left.get(F32, at);
      float y = right.get(F32, at);
      if (!Float.isFinite(x) || !Float.isFinite(y)) {
        return Double.NaN;
      }
      largest = Math.max(largest, Math.abs(x));
      difference = Math.max(difference, Math.abs((double) x - y));
    }
    return largest == 0 ? difference : difference / largest;
  }
}
