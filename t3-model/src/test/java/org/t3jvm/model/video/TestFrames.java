package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A smooth moving colour pattern, and what a folder holds, hidden files included. */
final class TestFrames {
  private TestFrames() {}

  /** rgb [height, width, 3] of frame {@code t}. */
  static byte[] frame(int width, int height, int t) {
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        rgb[at] = level(Math.sin((x + 2 * t) * 0.06));
        rgb[at + 1] = level(Math.cos((y - 3 * t) * 0.05));
        rgb[at + 2] = level(Math.sin((x + y + t) * 0.04));
      }
    }
    return rgb;
  }

  private static byte level(double wave) {
    return (byte) (int) (128 + 100 * wave);
  }

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
