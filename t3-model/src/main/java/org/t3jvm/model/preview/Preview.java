package org.t3jvm.model.preview;

import java.util.Arrays;
import java.util.function.Function;
import org.t3jvm.event.Pictures;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** What a video is about to show by the prediction of one step. */
public final class Preview {
  /** The shorter side has this many pixels at least. */
  private static final int MIN_SIDE = 240;

  private Preview() {}

  /**
   * Pictures of latents [C, T, h, w].
   *
   * @param velocities that the model gave for these latents
   * @param guidance strength of the guidance, cfg
   * @param sigma noise level of the latents
   * @param firstFrameClean whether latent frame 0 is an image's, which is clean already
   * @param painter makes pictures of clean latents
   */
  public static Pictures of(
      Tensor latents,
      CachedModel.Sides velocities,
      float guidance,
      float sigma,
      boolean firstFrameClean,
      Function<Tensor, Pictures> painter) {
    return painter.apply(
        CleanLatents.of(
            latents,
            velocities.positive(),
            velocities.negative(),
            guidance,
            sigma,
            firstFrameClean));
  }

  /**
   * Pictures of clean latents [C, T, h, w] without a decoder, enlarged so that they can be seen.
   */
  public static Pictures projected(Tensor clean) {
    Shape shape = clean.shape();
    return enlarged(
        VideoFrames.toRgb8(LatentRgb.of(shape.intDim(0)).project(clean)),
        shape.intDim(2),
        shape.intDim(3));
  }

  /** Frames [height, width, 3] enlarged by the smallest whole factor that makes them large. */
  static Pictures enlarged(byte[][] frames, int height, int width) {
    int factor = Math.max(1, Math.ceilDiv(MIN_SIDE, Math.min(height, width)));
    if (factor % 2 == 1 && (height % 2 == 1 || width % 2 == 1)) {
      factor++;
    }
    int enlargement = factor;
    return new Pictures(
        Arrays.stream(frames).map(frame -> enlarge(frame, height, width, enlargement)).toList(),
        height * factor,
        width * factor);
  }

  private static byte[] enlarge(byte[] rgb, int height, int width, int factor) {
    byte[] large = new byte[rgb.length * factor * factor];
    int at = 0;
    for (int y = 0; y < height * factor; y++) {
      for (int x = 0; x < width * factor; x++) {
        System.arraycopy(rgb, (y / factor * width + x / factor) * 3, large, at, 3);
        at += 3;
      }
    }
    return large;
  }
}
