package org.t3jvm.model.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.t3jvm.tensor.Tensor;

/** Classifier-free guidance (SPEC 1, step 6). */
final class Guidance {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private Guidance() {}

  /** {@code positive := negative + scale * (positive - negative)}, in float32. */
  static void apply(Tensor positive, Tensor negative, float scale) {
    MemorySegment p = positive.segment();
    MemorySegment n = negative.segment();
    long bytes = p.byteSize();
    for (long i = 0; i < bytes; i += Float.BYTES) {
      float base = n.get(FLOAT, i);
      p.set(FLOAT, i, base + scale * (p.get(FLOAT, i) - base));
    }
  }
}
