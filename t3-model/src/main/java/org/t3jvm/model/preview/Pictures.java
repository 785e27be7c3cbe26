package org.t3jvm.model.preview;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a video is about to show: one picture for each latent frame, enlarged so that it can be
 * seen.
 *
 * @param frames each [height, width, 3] uint8
 * @param height pixels, even
 * @param width pixels, even
 */
public record Pictures(List<byte[]> frames, int height, int width) {
  /** The shorter side has this many pixels at least. */
  private static final int MIN_SIDE = 240;

  public Pictures {
    frames = List.copyOf(frames);
  }

  /** Frames [height, width, 3] enlarged by the smallest whole factor that makes them large. */
  static Pictures enlarged(byte[][] frames, int height, int width) {
    int factor = Math.max(1, Math.ceilDiv(MIN_SIDE, Math.min(height, width)));
    if (factor % 2 == 1 && (height % 2 == 1 || width % 2 == 1)) {
      factor++;
    }
    int enlargement = factor;
    return new Pictures(
        IntStream.range(0, frames.length)
            .mapToObj(i -> enlarge(frames[i], height, width, enlargement))
            .toList(),
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

  /** The frame in the middle of the video. */
  public BufferedImage middle() {
    return strip(List.of(frames.get(frames.size() / 2)));
  }

  /** At most {@code most} frames side by side, from the first to the last, evenly spaced. */
  BufferedImage strip(int most) {
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
            (rgb[3 * p] & 0xff) << 16 | (rgb[3 * p + 1] & 0xff) << 8 | rgb[3 * p + 2] & 0xff);
      }
    }
    return image;
  }
}
