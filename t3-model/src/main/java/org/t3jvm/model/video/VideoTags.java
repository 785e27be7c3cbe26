package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Metadata of videos. */
public final class VideoTags {
  private static final String COMMENT = "comment";

  /** Settings of a run take a few kilobytes. */
  private static final long MAX_SETTINGS = 16L << 20;

  private VideoTags() {}

  /** Sets a tag; text of any language, which players read as UTF-8. */
  static void put(AVDictionary tags, String key, String value) {
    try (BytePointer name = new BytePointer(key, StandardCharsets.UTF_8);
        BytePointer text = new BytePointer(value, StandardCharsets.UTF_8)) {
      avutil.av_dict_set(tags, name, text, 0);
    }
  }

  /**
   * The tags of an MP4 file, or of a folder of frames that {@link VideoWriters} wrote: what is in
   * its {@code settings.json}, as the comment.
   *
   * @throws IOException if there is no such file or it is no video
   */
  public static Map<String, String> read(Path video) throws IOException {
    if (!Files.exists(video)) {
      throw new NoSuchFileException(video.toString());
    }
    if (!Files.isDirectory(video)) {
      return Mp4Tags.read(video);
    }
    Path settings = video.resolve(PngSequenceWriter.SETTINGS);
    if (!Files.isRegularFile(settings) || Files.size(settings) > MAX_SETTINGS) {
      throw new IOException("'%s' is no file of settings".formatted(settings));
    }
    return Map.of(COMMENT, Files.readString(settings).strip());
  }
}
