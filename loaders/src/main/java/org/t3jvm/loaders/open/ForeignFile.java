package org.t3jvm.loaders.open;

import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.text.Messages;

/** What lies in place of a checkpoint when a download went wrong or another format was taken. */
final class ForeignFile {
  private static final int HEAD = 400;
  private static final int PICKLE_PROTO = 0x80;

  private ForeignFile() {}

  /**
   * What a file is, by its first bytes, that no reader takes; null if that is not known.
   *
   * @param file not empty, whose first 8 bytes are no header length of safetensors
   */
  static @Nullable String describe(MappedFile file) {
    int length = (int) Math.min(file.size(), HEAD);
    String head = file.text(0, length);
    if (head.startsWith("version https://git-lfs")) {
      return "is a Git LFS pointer, not the weights; t3 pull REPO gets them";
    }
    if (head.stripLeading().startsWith("<")) {
      return "is a web page, not weights: " + Messages.quote(words(head));
    }
    if (file.size() >= 2 && file.u8(0) == PICKLE_PROTO && file.u8(1) >= 2 && file.u8(1) <= 5) {
      return "is a bare pickle, as torch wrote before 1.6; load it there and torch.save it again";
    }
    if (head.startsWith("\u001f\ufffd")) {
      return "is compressed by gzip; unpack it first";
    }
    if (head.codePoints().noneMatch(ForeignFile::isBinary)) {
      return "is text, such as a server's message, not weights: " + Messages.quote(words(head));
    }
    return null;
  }

  /** What a JSON text says that is no index of shards; null if it says nothing of an error. */
  static @Nullable String describeJson(MappedFile file) {
    String head = file.text(0, (int) Math.min(file.size(), HEAD));
    boolean error = head.contains("\"error\"") || head.contains("\"message\"");
    return error ? "is a server's message, not weights: " + Messages.quote(words(head)) : null;
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  private static boolean isBinary(int character) {
    return character == 0xFFFD || (character < ' ' && !Character.isWhitespace(character));
  }
}
