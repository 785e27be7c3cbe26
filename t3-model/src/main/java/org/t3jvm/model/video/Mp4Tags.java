package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text tags of an MP4 file (ISO/IEC 14496-12): boxes of a length, a type and a body, of which
 * {@code moov/udta/meta/ilst} holds one for each tag, with its text in a box {@code data}. No other
 * part of the file is looked at.
 */
final class Mp4Tags {
  private static final int HEADER = 8;

  /** The index of a video of hours takes a few megabytes. */
  private static final long MAX_INDEX = 64L << 20;

  private static final int MAX_TOP_BOXES = 100_000;

  /** Version and flags before the boxes in {@code meta}; type and locale before a text. */
  private static final int META_SKIP = 4;

  private static final int DATA_SKIP = 8;

  private static final Map<String, String> NAMES =
      Map.of(
          "\u00a9nam", "title",
          "\u00a9cmt", "comment",
          "\u00a9too", "encoder",
          "\u00a9ART", "artist",
          "\u00a9day", "date",
          "desc", "description");

  private Mp4Tags() {}

  /**
   * Reads a file's tags.
   *
   * @throws IOException naming the file, if it is no MP4 file
   */
  static Map<String, String> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("'%s' is no regular file".formatted(file));
    }
    try (FileChannel channel = FileChannel.open(file)) {
      Map<String, String> tags = new LinkedHashMap<>();
      ByteBuffer list =
          child(child(child(index(file, channel), "udta", 0), "meta", 0), "ilst", META_SKIP);
      while (list != null && list.hasRemaining()) {
        Box box = Box.next(list);
        if (box == null) {
          break;
        }
        ByteBuffer text = child(box.body(), "data", 0);
        String name = NAMES.get(box.type());
        if (name != null && text != null && text.remaining() >= DATA_SKIP) {
          tags.put(
              name,
              StandardCharsets.UTF_8.decode(text.position(text.position() + DATA_SKIP)).toString());
        }
      }
      return tags;
    }
  }

  /** The body of the box {@code moov}. */
  private static ByteBuffer index(Path file, FileChannel channel) throws IOException {
    long at = 0;
    for (int boxes = 0; boxes < MAX_TOP_BOXES && at + HEADER <= channel.size(); boxes++) {
      ByteBuffer header = read(channel, at, 2 * HEADER);
      long length = Integer.toUnsignedLong(header.getInt(0));
      String type = type(header, 4);
      int skip = HEADER;
      if (length == 1 && header.remaining() == 2 * HEADER) {
        length = header.getLong(HEADER);
        skip = 2 * HEADER;
      } else if (length == 0) {
        length = channel.size() - at;
      }
      if ((boxes == 0 && !type.equals("ftyp")) || length < skip || length > channel.size() - at) {
        break;
      }
      if (type.equals("moov")) {
        if (length > MAX_INDEX) {
          throw new IOException(
              "'%s' has an index of %d bytes, at most %d are read"
                  .formatted(file, length, MAX_INDEX));
        }
        return read(channel, at + skip, (int) length - skip);
      }
      at += length;
    }
    throw new IOException("'%s' is no MP4 video, or is truncated".formatted(file));
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, channel.size() - at));
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // The rest follows.
    }
    return bytes.flip();
  }

  private static String type(ByteBuffer bytes, int at) {
    byte[] type = new byte[4];
    bytes.get(at, type);
    return new String(type, StandardCharsets.ISO_8859_1);
  }

  private record Box(String type, ByteBuffer body) {
    /** The box at the buffer's position, which moves behind it; null if none lies there whole. */
    static @Nullable Box next(ByteBuffer bytes) {
      if (bytes.remaining() < HEADER) {
        return null;
      }
      int at = bytes.position();
      long length = Integer.toUnsignedLong(bytes.getInt(at));
      if (length < HEADER || length > bytes.remaining()) {
        return null;
      }
      bytes.position(at + (int) length);
      return new Box(Mp4Tags.type(bytes, at + 4), bytes.slice(at + HEADER, (int) length - HEADER));
    }
  }

  private static @Nullable ByteBuffer child(@Nullable ByteBuffer parent, String type, int skip) {
    if (parent == null || parent.remaining() < skip) {
      return null;
    }
    ByteBuffer boxes = parent.slice(skip, parent.remaining() - skip);
    for (Box box = Box.next(boxes); box != null; box = Box.next(boxes)) {
      if (box.type().equals(type)) {
        return box.body();
      }
    }
    return null;
  }
}
