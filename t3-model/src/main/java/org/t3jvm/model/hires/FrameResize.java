package org.t3jvm.model.hires;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Bilinear resizing of frames with half-pixel centres and no antialiasing, in float32, as torch's
 * {@code interpolate} does it (SPEC 20.1).
 */
public final class FrameResize {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FrameResize() {}

  /**
   * frames F32 [F, h, w, C] as [F, height, width, C].
   *
   * @param arena for the result
   */
  public static Tensor bilinear(Arena arena, Tensor frames, int height, int width) {
    Shape shape = frames.shape();
    int channels = shape.intDim(3);
    Axis down = Axis.of(shape.intDim(1), height);
    Axis across = Axis.of(shape.intDim(2), width);
    Tensor resized =
        Tensor.allocate(arena, DType.F32, Shape.of(shape.dim(0), height, width, channels));
    MemorySegment from = frames.segment();
    MemorySegment to = resized.segment();
    long rowBytes = (long) shape.intDim(2) * channels * Float.BYTES;
    long at = 0;
    for (long f = 0; f < shape.dim(0); f++) {
      long frame = f * shape.dim(1) * rowBytes;
      for (int y = 0; y < height; y++) {
        long upper = frame + down.first[y] * rowBytes;
        long lower = frame + down.second[y] * rowBytes;
        float share = down.share[y];
        for (int x = 0; x < width; x++) {
          long left = (long) across.first[x] * channels * Float.BYTES;
          long right = (long) across.second[x] * channels * Float.BYTES;
          for (int c = 0; c < channels; c++, at += Float.BYTES) {
            long offset = (long) c * Float.BYTES;
            float above =
                between(from, upper + left + offset, upper + right + offset, across.share[x]);
            float below =
                between(from, lower + left + offset, lower + right + offset, across.share[x]);
            to.set(F32, at, (1 - share) * above + share * below);
          }
        }
      }
    }
    return resized;
  }

  private static float between(MemorySegment from, long first, long second, float share) {
    return (1 - share) * from.get(F32, first) + share * from.get(F32, second);
  }

  /**
   * What each output along an axis is made of.
   *
   * @param share of the second input
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Axis(int[] first, int[] second, float[] share) {
    static Axis of(int in, int out) {
      float scale = (float) in / out;
      Axis axis = new Axis(new int[out], new int[out], new float[out]);
      for (int i = 0; i < out; i++) {
        float centre = Math.max(0, scale * (i + 0.5f) - 0.5f);
        axis.first[i] = Math.min((int) centre, in - 1);
        axis.second[i] = Math.min(axis.first[i] + 1, in - 1);
        axis.share[i] = centre - axis.first[i];
      }
      return axis;
    }
  }
}
