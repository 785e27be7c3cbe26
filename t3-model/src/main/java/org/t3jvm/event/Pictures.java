package org.t3jvm.event;

import java.awt.image.BufferedImage;
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
  public Pictures {
    frames = List.copyOf(frames);
  }

  /** The frame in the middle of the video. */
  public BufferedImage middle() {
    return strip(List.of(frames.get(frames.size() / 2)));
  }

  /** At most {@code most} frames side by side, from the first to the last, evenly spaced. */
  public BufferedImage strip(int most) {
    int count = Math.min(most, frames.size());
    return strip(
        IntStream.range(0, count)
            .mapToObj(i -> frames.get(count == 1 ? 0 : i * (frames.size() - 1) / (count - 1)))
            .toList());
  }

  private BufferedImage strip(List<byte[]> chosen) {
    BufferedImage image =
        new BufferedImage(chosen.size() * width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < chosen.size(); i++) {
      byte[] rgb = chosen.get(i);
      for (int p = 0; p < height * width; p++) {
        image.setRGB(
            i * width + p % width,
            p / width,
            ((rgb[3 * p] & 0xff) << 16) | ((rgb[3 * p + 1] & 0xff) << 8) | (rgb[3 * p + 2] & 0xff));
      }
    }
    return image;
  }
}
