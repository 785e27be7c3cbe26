package org.t3jvm.model.preview;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** What a step takes the clean latents to be (SPEC 10, the x0 form). */
final class CleanLatents {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private CleanLatents() {}

  /**
   * F32 [C, T, h, w]: {@code latents - sigma * velocity}, the velocity being guided.
   *
   * @param negative velocity under the negative prompt, or null without guidance
   * @param firstFrameClean whether latent frame 0 is an image's, which is clean already
   */
  static Tensor of(
      Tensor latents,
      Tensor positive,
      @Nullable Tensor negative,
      float guidance,
      float sigma,
      boolean firstFrameClean) {
    Shape shape = latents.shape();
    Tensor clean = Tensor.allocate(DType.F32, shape);
    MemorySegment x = latents.segment();
    MemorySegment p = positive.segment();
    @Nullable MemorySegment n = negative == null ? null : negative.segment();
    MemorySegment out = clean.segment();
    long plane = shape.inner(1);
    for (long i = 0; i < shape.elements(); i++) {
      long at = i * Float.BYTES;
      float velocity = p.get(F32, at);
      if (n != null) {
        velocity = n.get(F32, at) + guidance * (velocity - n.get(F32, at));
      }
      boolean known = firstFrameClean && i / plane % shape.dim(1) == 0;
      out.set(F32, at, known ? x.get(F32, at) : x.get(F32, at) - sigma * velocity);
    }
    return clean;
  }
}
