package org.t3jvm.model.train.run;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.t3jvm.event.Pictures;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Tensor;

/** Frames side by side, as the page shows them. */
final class SampleStrip {
  private static final int FRAMES = 6;

  private SampleStrip() {}

  /** Up to six of the frames F32 [F, H, W, 3] in [-1, 1], from the first to the last. */
  static BufferedImage of(Tensor frames) {
    List<byte[]> pictures = Arrays.asList(VideoFrames.toRgb8(frames));
    return new Pictures(pictures, frames.shape().intDim(1), frames.shape().intDim(2)).strip(FRAMES);
  }

  /** One picture above another of the same width. */
  static BufferedImage above(BufferedImage upper, BufferedImage lower) {
    BufferedImage both =
        new BufferedImage(
            upper.getWidth(), upper.getHeight() + lower.getHeight(), BufferedImage.TYPE_INT_RGB);
    both.setData(upper.getData());
    both.getRaster().setRect(0, upper.getHeight(), lower.getRaster());
    return both;
  }
}
