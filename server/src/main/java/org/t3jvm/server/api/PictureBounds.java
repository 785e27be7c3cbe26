package org.t3jvm.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.t3jvm.server.http.HttpFailure;

/** Looks at the header of a picture before anybody decodes it. */
final class PictureBounds {
  /** A frame of 8K. */
  private static final long MAX_PIXELS = 7680L * 4320;

  private static final int HEADER = 30;

  private PictureBounds() {}

  /**
   * Lets PNG, JPEG and WebP pictures pass that are not too large.
   *
   * @param field that brought the picture
   * @throws HttpFailure if it is another file
   */
  static void check(String field, Path file) throws IOException, HttpFailure {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEADER);
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    long pixels;
    if (text.startsWith("RIFF") && text.startsWith("WEBP", 8) && head.length == HEADER) {
      pixels = webp(head, text);
    } else if (text.startsWith("\u0089PNG") || text.startsWith("\u00ff\u00d8")) {
      pixels = pixels(field, file);
    } else {
      throw HttpFailure.invalid(field, field + " must be a PNG, JPEG or WebP picture");
    }
    if (pixels > MAX_PIXELS) {
      throw HttpFailure.invalid(
          field, "%s has %d pixels, at most %d are taken".formatted(field, pixels, MAX_PIXELS));
    }
  }

  /** Of the three kinds of WebP (RFC 9649, section 2.5 to 2.7). */
  private static long webp(byte[] head, String text) {
    if (text.startsWith("VP8X", 12)) {
      return (1L + bits(head, 24, 24)) * (1L + bits(head, 27, 24));
    }
    if (text.startsWith("VP8L", 12)) {
      long packed = bits(head, 21, 32);
      return (1 + (packed & 0x3fff)) * (1 + (packed >> 14 & 0x3fff));
    }
    return (bits(head, 26, 16) & 0x3fff) * (bits(head, 28, 16) & 0x3fff);
  }

  /** An unsigned little-endian number. */
  private static long bits(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = 0; i < count / Byte.SIZE; i++) {
      value |= (bytes[at + i] & 0xffL) << (Byte.SIZE * i);
    }
    return value;
  }

  private static long pixels(String field, Path file) throws IOException, HttpFailure {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (readers.hasNext()) {
        ImageReader reader = readers.next();
        try {
          reader.setInput(in, true, true);
          return (long) reader.getWidth(0) * reader.getHeight(0);
        } finally {
          reader.dispose();
        }
      }
    } catch (IOException | RuntimeException e) {
      // A damaged header, as no reader for it.
    }
    throw HttpFailure.invalid(field, field + " is a damaged picture");
  }
}
