package org.t3jvm.event;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a video is about to show: one picture for each latent frame.
 *
 * @param frames each [height, width, 3] uint8
 * @param height pixels, even
 * @param width pixels, even
 */
public record Pictures(List<byte[]> frames, int height, int width) {
  /** Columns between the pictures of a strip. */
  private static final int GAP = 8;

  private static final int PAPER = 0x202020;

  public Pictures {
    frames = List.copyOf(frames);
  }

  /** The frame in the middle of the video. */
  public BufferedImage middle() {
    return strip(List.of(frames.get(frames.size() / 2)));
  }

  /**
   * At most {@code most} frames side by side, with gaps, from the first to the last, evenly spaced.
   */
  public BufferedImage strip(int most) {
    int count = Math.min(most, frames.size());
    return strip(
        IntStream.range(0, count)
            .mapToObj(i -> frames.get(count == 1 ? 0 : i * (frames.size() - 1) / (count - 1)))
            .toList());
  }

  private BufferedImage strip(List<byte[]> chosen) {
    BufferedImage image =
        new BufferedImage(chosen.size() * (width + GAP) - GAP, height, BufferedImage.TYPE_INT_RGB);
    int[] paper = new int[image.getWidth() * height];
    Arrays.fill(paper, PAPER);
    image.setRGB(0, 0, image.getWidth(), height, paper, 0, image.getWidth());
    for (int i = 0; i < chosen.size(); i++) {
      byte[] rgb = chosen.get(i);
      for (int p = 0; p < height * width; p++) {
        image.setRGB(
            i * (width + GAP) + p % width,
            p / width,
            ((rgb[3 * p] & 0xff) << 16) | ((rgb[3 * p + 1] & 0xff) << 8) | (rgb[3 * p + 2] & 0xff));
      }
    }
    return image;
  }
}
