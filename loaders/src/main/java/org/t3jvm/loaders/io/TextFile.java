package org.t3jvm.loaders.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of text, which people write: UTF-8, and small. */
public final class TextFile {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private TextFile() {}

  /**
   * The bytes of a file. One that does not say its size, as a device or a pipe, is not read to an
   * end that it may not have.
   *
   * @param maxBytes that such a file has at most
   * @throws IOException naming the file, if it has more or is a folder
   */
  public static byte[] bytes(Path file, int maxBytes) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("'%s' is a folder, must be a file".formatted(file));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException(
            "'%s' has more than the %d bytes that are read of such a file"
                .formatted(file, maxBytes));
      }
      return bytes;
    }
  }

  /**
   * The text of a file, without a byte order mark.
   *
   * @param maxBytes that such a file has at most
   * @throws IOException naming the file, if it has more, is a folder or not UTF-8
   */
  public static String read(Path file, int maxBytes) throws IOException {
    return text(file.toString(), bytes(file, maxBytes));
  }

  /**
   * Bytes as text, without a byte order mark.
   *
   * @param file its name, for messages
   * @throws IOException naming the file, if they are not UTF-8 or hold a zero
   */
  public static String text(String file, byte[] bytes) throws IOException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf(0) >= 0) {
        throw new IOException("'%s' is not text: it has bytes of zero".formatted(file));
      }
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IOException("'%s' is not UTF-8 text".formatted(file), e);
    }
  }
}
