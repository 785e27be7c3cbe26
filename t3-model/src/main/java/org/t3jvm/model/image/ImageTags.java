package org.t3jvm.model.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a picture's file says beside its pixels: its kind by its first bytes, its orientation, and
 * how a JPEG's four components are meant. Only headers are read.
 *
 * @param kind of file
 * @param orientation of EXIF
 * @param components of a JPEG; 0 of another file
 * @param adobe the colour transform that a JPEG's Adobe segment names; -1 without such a segment
 * @param profile the ICC profile of a PNG or WebP file, which their readers ignore; empty if there
 *     is none
 */
@SuppressWarnings("ArrayRecordComponent")
record ImageTags(Kind kind, Orientation orientation, int components, int adobe, byte[] profile) {
  /** Kinds that are treated differently. */
  enum Kind {
    JPEG,
    PNG,
    WEBP,
    HEIC,
    AVIF,
    OTHER
  }

  private static final int HEAD = 32;
  private static final int MAX_PARTS = 10_000;
  private static final int MAX_EXIF = 1 << 16;
  private static final int MAX_PROFILE = 1 << 20;
  private static final byte[] NO_PROFILE = {};
  private static final int ORIENTATION = 0x0112;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

  /** Reads a file's headers; what is damaged in them counts as absent. */
  static ImageTags read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer head = read(channel, 0, HEAD);
      Kind kind = kind(head);
      return switch (kind) {
        case JPEG -> jpeg(channel);
        case PNG -> chunks(channel, kind, 8, ByteOrder.BIG_ENDIAN);
        case WEBP -> chunks(channel, kind, 12, ByteOrder.LITTLE_ENDIAN);
        default -> new ImageTags(kind, Orientation.AS_STORED, 0, -1, NO_PROFILE);
      };
    }
  }

  private static Kind kind(ByteBuffer head) {
    String text = StandardCharsets.ISO_8859_1.decode(head.duplicate()).toString();
    if (text.startsWith("\u00ff\u00d8\u00ff")) {
      return Kind.JPEG;
    }
    if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Kind.PNG;
    }
    if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
      return Kind.WEBP;
    }
    if (!text.startsWith("ftyp", 4)) {
      return Kind.OTHER;
    }
    String brand = text.substring(8, Math.min(12, text.length()));
    return switch (brand) {
      case "avif", "avis" -> Kind.AVIF;
      case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1" ->
          text.contains("avif") ? Kind.AVIF : Kind.HEIC;
      default -> Kind.OTHER;
    };
  }

  /** Segments of a marker and a length, up to the first scan. */
  private static ImageTags jpeg(FileChannel channel) throws IOException {
    Orientation orientation = Orientation.AS_STORED;
    int components = 0;
    int adobe = -1;
    long at = 2;
    for (int part = 0; part < MAX_PARTS; part++) {
      ByteBuffer head = read(channel, at, 4);
      if (head.remaining() < 4 || head.get(0) != (byte) 0xFF) {
        break;
      }
      int marker = head.get(1) & 0xFF;
      if (marker == 0xFF) {
        at++;
        continue;
      }
      int length = Short.toUnsignedInt(head.getShort(2));
      if (marker == 0xDA || marker == 0xD9 || length < 2) {
        break;
      }
      ByteBuffer body = read(channel, at + 4, length - 2);
      if (marker == 0xE1 && begins(body, EXIF)) {
        orientation = orientation(body.slice(EXIF.length, body.remaining() - EXIF.length));
      } else if (marker == 0xEE
          && body.remaining() >= 12
          && begins(body, "Adobe".getBytes(StandardCharsets.ISO_8859_1))) {
        adobe = body.get(11) & 0xFF;
      } else if (isFrame(marker) && body.remaining() >= 6) {
        components = body.get(5) & 0xFF;
      }
      at += 2 + length;
    }
    return new ImageTags(Kind.JPEG, orientation, components, adobe, NO_PROFILE);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** PNG chunks, of a length, a name, a body and a checksum; RIFF chunks, of a name first. */
  private static ImageTags chunks(FileChannel channel, Kind kind, int first, ByteOrder order)
      throws IOException {
    Orientation orientation = Orientation.AS_STORED;
    byte[] profile = NO_PROFILE;
    boolean png = order == ByteOrder.BIG_ENDIAN;
    long at = first;
    for (int part = 0; part < MAX_PARTS; part++) {
      ByteBuffer head = read(channel, at, 8).order(order);
      if (head.remaining() < 8) {
        break;
      }
      long length = Integer.toUnsignedLong(head.getInt(png ? 0 : 4));
      byte[] name = new byte[4];
      head.get(png ? 4 : 0, name);
      switch (new String(name, StandardCharsets.ISO_8859_1)) {
        case "eXIf", "EXIF" -> {
          ByteBuffer body = read(channel, at + 8, (int) Math.min(length, MAX_EXIF));
          // Some writers keep the prefix that JPEG needs.
          orientation =
              orientation(begins(body, EXIF) ? body.slice(6, body.remaining() - 6) : body);
        }
        case "iCCP" ->
            profile = inflated(read(channel, at + 8, (int) Math.min(length, MAX_PROFILE)));
        case "ICCP" -> profile = bytes(read(channel, at + 8, (int) Math.min(length, MAX_PROFILE)));
        default -> {}
      }
      at += 8 + length + (png ? 4 : length & 1);
    }
    return new ImageTags(kind, orientation, 0, -1, profile);
  }

  /** The profile of a PNG: behind its name and a zero that says how it is compressed. */
  private static byte[] inflated(ByteBuffer body) {
    while (body.hasRemaining() && body.get() != 0) {
      // The name.
    }
    byte[] packed = bytes(body);
    byte[] profile = new byte[MAX_PROFILE];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed, Math.min(1, packed.length), Math.max(0, packed.length - 1));
      return Arrays.copyOf(profile, inflater.inflate(profile));
    } catch (DataFormatException e) {
      // Found to be none when it is used.
      return packed;
    } finally {
      inflater.end();
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** The tag in the first directory of a TIFF structure. */
  private static Orientation orientation(ByteBuffer tiff) {
    if (tiff.remaining() < 8) {
      return Orientation.AS_STORED;
    }
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long at = Integer.toUnsignedLong(tiff.getInt(4));
    if (at + 2 > tiff.limit()) {
      return Orientation.AS_STORED;
    }
    int entries = Short.toUnsignedInt(tiff.getShort((int) at));
    for (int i = 0; i < entries && at + 2 + (i + 1) * 12L <= tiff.limit(); i++) {
      int entry = (int) at + 2 + i * 12;
      if (Short.toUnsignedInt(tiff.getShort(entry)) == ORIENTATION) {
        return Orientation.ofExif(Short.toUnsignedInt(tiff.getShort(entry + 8)));
      }
    }
    return Orientation.AS_STORED;
  }

  private static boolean begins(ByteBuffer bytes, byte[] prefix) {
    return bytes.remaining() >= prefix.length
        && bytes.slice(0, prefix.length).equals(ByteBuffer.wrap(prefix));
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    long there = Math.max(0, channel.size() - at);
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, there));
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // The rest follows.
    }
    return bytes.flip();
  }
}
