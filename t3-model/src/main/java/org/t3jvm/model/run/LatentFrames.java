package org.t3jvm.model.run;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Single latent frames of latents F32 [C, T, h, w], whose frames do not lie together. */
public final class LatentFrames {
  private LatentFrames() {}

  /** A copy of frame t as [C, 1, h, w]. */
  public static Tensor get(Tensor latents, int t) {
    Tensor frame = Tensor.allocate(DType.F32, latents.shape().with(1, 1));
    copy(latents, t, frame, 0);
    return frame;
  }

  /** Writes {@code frame} [C, 1, h, w] over frame t of {@code latents}. */
  static void put(Tensor frame, Tensor latents, int t) {
    copy(frame, 0, latents, t);
  }

  private static void copy(Tensor from, int fromFrame, Tensor to, int toFrame) {
    Shape shape = from.shape();
    if (!shape.with(1, 1).equals(to.shape().with(1, 1))) {
      throw new IllegalArgumentException(
          "a latent frame of %s does not fit into %s".formatted(from, to));
    }
    long plane = shape.inner(1) * DType.F32.byteSize();
    for (long c = 0; c < shape.dim(0); c++) {
      MemorySegment.copy(
          from.segment(),
          (c * shape.dim(1) + fromFrame) * plane,
          to.segment(),
          (c * to.shape().dim(1) + toFrame) * plane,
          plane);
    }
  }
}
