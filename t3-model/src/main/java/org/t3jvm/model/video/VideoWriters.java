package org.t3jvm.model.video;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Chooses how frames are stored by the name that they are to have. */
public final class VideoWriters {
  private VideoWriters() {}

  /**
   * As {@link #open(Path, int, int, double, Map)}, for a name as a user types it: one that ends
   * with {@code /} is a folder whatever else it looks like.
   */
  public static FrameSink open(
      String out, int width, int height, double fps, Map<String, String> tags) throws IOException {
    if (out.endsWith("/") || out.endsWith(File.separator)) {
      return new PngSequenceWriter(Path.of(out), width, height, tags);
    }
    return open(Path.of(out), width, height, fps, tags);
  }

  /**
   * A sink of frames [height, width, 3]: an MP4 for a name in {@code .mp4}, PNG files for a folder
   * that exists.
   *
   * @param fps frames a second, of an MP4
   * @param tags metadata of an MP4, such as {@code title}; a folder of PNG files keeps {@code
   *     comment} in {@code settings.json}
   * @throws IllegalArgumentException if the name is of neither kind, or the size or rate does not
   *     fit
   * @throws IOException if nothing can be written there
   */
  public static FrameSink open(
      Path out, int width, int height, double fps, Map<String, String> tags) throws IOException {
    if (Files.isDirectory(out)) {
      return new PngSequenceWriter(out, width, height, tags);
    }
    requireVideo(out);
    return new Mp4Writer(out, width, height, fps, tags);
  }

  /**
   * Fails if {@link #open(String, int, int, double, Map)} has no kind of output for a name.
   *
   * @throws IllegalArgumentException naming those that there are
   */
  public static void requireName(String out) {
    boolean folder = out.endsWith("/") || out.endsWith(File.separator);
    if (!folder && !Files.isDirectory(Path.of(out))) {
      requireVideo(Path.of(out));
    }
  }

  private static void requireVideo(Path out) {
    if (!String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT).endsWith(".mp4")) {
      throw new IllegalArgumentException(
          "output %s: the name must end with .mp4 for a video, or with / for a folder of PNG frames"
              .formatted(out));
    }
  }

  /**
   * Deletes what killed runs left of videos that they were to write.
   *
   * @param folder where the videos lie
   * @param names final names of videos that nothing writes now
   * @throws IOException if the folder cannot be listed
   */
  public static void deleteLeftovers(Path folder, Set<String> names) throws IOException {
    PendingOutput.deleteLeftovers(folder, names);
  }
}
