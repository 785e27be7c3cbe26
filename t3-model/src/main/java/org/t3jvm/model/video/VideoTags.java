package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Metadata of videos. */
public final class VideoTags {
  private static final String COMMENT = "comment";

  private VideoTags() {}

  /** Sets a tag; text of any language, which players read as UTF-8. */
  static void put(AVDictionary tags, String key, String value) {
    try (BytePointer name = new BytePointer(key, StandardCharsets.UTF_8);
        BytePointer text = new BytePointer(value, StandardCharsets.UTF_8)) {
      avutil.av_dict_set(tags, name, text, 0);
    }
  }

  /**
   * The tags of a video file, or of a folder of frames that {@link VideoWriters} wrote: what is in
   * its {@code settings.json}, as the comment.
   *
   * @throws IOException if there is no such file or it is no video
   */
  public static Map<String, String> read(Path video) throws IOException {
    if (Files.isDirectory(video)) {
      Path settings = video.resolve(PngSequenceWriter.SETTINGS);
      return Map.of(COMMENT, Files.readString(settings).strip());
    }
    if (!Files.exists(video)) {
      throw new NoSuchFileException(video.toString());
    }
    Ffmpeg.load();
    AVFormatContext format = new AVFormatContext(null);
    try {
      Ffmpeg.check(
          "reading",
          avformat.avformat_open_input(format, "file:" + video.toAbsolutePath(), null, null));
      return read(format.metadata());
    } catch (IOException e) {
      throw new IOException("'%s' is no video: %s".formatted(video, e.getMessage()), e);
    } finally {
      avformat.avformat_close_input(format);
    }
  }

  private static Map<String, String> read(AVDictionary tags) {
    Map<String, String> read = new LinkedHashMap<>();
    AVDictionaryEntry entry = null;
    while ((entry = avutil.av_dict_iterate(tags, entry)) != null) {
      read.put(text(entry.key()), text(entry.value()));
    }
    return read;
  }

  private static String text(BytePointer bytes) {
    byte[] raw = new byte[Math.toIntExact(BytePointer.strlen(bytes))];
    bytes.get(raw);
    return new String(raw, StandardCharsets.UTF_8);
  }
}
