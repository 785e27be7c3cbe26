package org.t3jvm.model.text.spiece;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.t3jvm.model.text.spiece.Piece.Kind;

/** Brings a text into the form that pieces are of (SPEC 2): mapped characters, marked spaces. */
public final class SpieceNormalizer {
  private static final byte SPACE = ' ';
  private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);

  private final SpieceFile file;
  private final Charsmap charsmap;
  private final Pieces userDefined;

  SpieceNormalizer(SpieceFile file) throws IOException {
    this.file = file;
    this.charsmap = new Charsmap(file.charsmap());
    this.userDefined = new Pieces(file.pieces(), kind -> kind == Kind.USER_DEFINED);
  }

  /** The UTF-8 bytes of the normalised text; empty if nothing but spaces is left. */
  byte[] normalize(String text) {
    byte[] input = wellFormed(text).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream spaced = new ByteArrayOutputStream(input.length + 1);
    boolean afterSpace = file.removeExtraSpaces();
    for (int at = 0; at < input.length; ) {
      Charsmap.Match match = prefix(input, at);
      at += match.consumed();
      byte[] part = match.replacement();
      int first = 0;
      while (afterSpace && first < part.length && part[first] == SPACE) {
        first++;
      }
      if (first < part.length) {
        spaced.write(part, first, part.length - first);
        afterSpace = file.removeExtraSpaces() && part[part.length - 1] == SPACE;
      }
    }
    byte[] body = spaced.toByteArray();
    return body.length == 0 ? body : withoutEnd(marked(body));
  }

  /** What the text's next characters become: what a user defined stays as it is. */
  private Charsmap.Match prefix(byte[] input, int at) {
    int[] longest = {0};
    userDefined.visit(input, at, (id, length) -> longest[0] = length);
    if (longest[0] > 0) {
      return new Charsmap.Match(longest[0], Arrays.copyOfRange(input, at, at + longest[0]));
    }
    Charsmap.Match match = charsmap.longest(input, at);
    if (match.consumed() > 0) {
      return match;
    }
    int length = Math.min(characterLength(input[at]), input.length - at);
    return new Charsmap.Match(length, Arrays.copyOfRange(input, at, at + length));
  }

  /** What stands for a space is dropped at the end, even where the text itself has U+2581. */
  private byte[] withoutEnd(byte[] text) {
    byte[] space = file.escapeSpaces() ? MARK : new byte[] {SPACE};
    int end = text.length;
    while (file.removeExtraSpaces()
        && end >= space.length
        && Arrays.equals(text, end - space.length, end, space, 0, space.length)) {
      end -= space.length;
    }
    return Arrays.copyOf(text, end);
  }

  private byte[] marked(byte[] text) {
    ByteArrayOutputStream result = new ByteArrayOutputStream(text.length + MARK.length);
    if (file.dummyPrefix()) {
      space(result);
    }
    for (byte each : text) {
      if (each == SPACE) {
        space(result);
      } else {
        result.write(each);
      }
    }
    return result.toByteArray();
  }

  private void space(ByteArrayOutputStream result) {
    if (file.escapeSpaces()) {
      result.writeBytes(MARK);
    } else {
      result.write(SPACE);
    }
  }

  /** Bytes of the UTF-8 character that begins so. */
  static int characterLength(byte first) {
    int lead = first & 0xFF;
    if (lead < 0xC0) {
      return 1;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }

  /** Halves of surrogate pairs that stand alone become U+FFFD. */
  public static String wellFormed(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(result::appendCodePoint);
    return result.toString();
  }
}
