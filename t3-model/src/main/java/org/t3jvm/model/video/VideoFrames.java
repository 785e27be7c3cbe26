package org.t3jvm.model.video;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Decoded pixels to the bytes that {@link FrameSink} takes. */
public final class VideoFrames {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private VideoFrames() {}

  /**
   * pixels F32 [F, H, W, 3] in [-1, 1] to F frames [H, W, 3] uint8: {@code trunc(clip((v + 1) *
   * 127.5, 0, 255))} in float32, cut and not rounded as upstream does (SPEC 1, step 8). NaN gives
   * 0.
   *
   * @throws IllegalArgumentException if the tensor is not F32 [F, H, W, 3] or a frame passes 2 GiB
   */
  public static byte[][] toRgb8(Tensor pixels) {
    Shape shape = pixels.shape();
    if (pixels.dtype() != DType.F32 || shape.rank() != 4 || shape.dim(3) != 3) {
      throw new IllegalArgumentException(
          "frames are made of F32 [frames, height, width, 3], not of " + pixels);
    }
    long bytes = shape.inner(0);
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a frame of " + pixels + " passes 2 GiB of RGB");
    }
    byte[][] frames = new byte[shape.intDim(0)][];
    for (int t = 0; t < frames.length; t++) {
      frames[t] = rgb8(pixels.segment(), t * bytes, (int) bytes);
    }
    return frames;
  }

  private static byte[] rgb8(MemorySegment pixels, long start, int count) {
    byte[] rgb = new byte[count];
    for (int i = 0; i < count; i++) {
      float level = (pixels.get(F32, (start + i) * Float.BYTES) + 1f) * 127.5f;
      rgb[i] = (byte) (int) Math.clamp(level, 0f, 255f);
    }
    return rgb;
  }
}
