package org.t3jvm.model.text;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * The part of Python's ftfy that acts on well-formed prompts (SPEC 2), in its order and repeated
 * until nothing changes. Its repair of text decoded with a wrong charset is not implemented.
 */
final class TextFixer {
  private static final Pattern SINGLE_QUOTES = Pattern.compile("[\u02bc\u2018-\u201b]");
  private static final Pattern DOUBLE_QUOTES = Pattern.compile("[\u201c-\u201f]");
  private static final Pattern LINE_BREAKS = Pattern.compile("\r\n|[\r\u0085\u2028\u2029]");
  private static final Pattern TERMINAL_ESCAPES = Pattern.compile("\u001b\\[[\\d;]*[a-zA-Z]");
  private static final Pattern CONTROLS =
      Pattern.compile("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]");

  private static final int FIRST_LATIN_LIGATURE = 0xfb00;
  private static final int LAST_LATIN_LIGATURE = 0xfb06;
  private static final int LONG_S_T = 0xfb05;

  private TextFixer() {}

  /** Fixes a text line by line; entities are decoded up to the first line with a {@code <}. */
  static String fix(String text) {
    StringBuilder fixed = new StringBuilder(text.length());
    boolean entities = true;
    int start = 0;
    while (start < text.length()) {
      int lineBreak = text.indexOf('\n', start);
      int end = lineBreak < 0 ? text.length() : lineBreak + 1;
      String line = text.substring(start, end);
      entities &= line.indexOf('<') < 0;
      fixed.append(fixLine(line, entities));
      start = end;
    }
    return fixed.toString();
  }

  private static String fixLine(String line, boolean entities) {
    String before;
    String text = line;
    do {
      before = text;
      if (entities) {
        text = HtmlEntities.unescapeTerminated(text);
      }
      text = replaceCharacters(text);
      text = SINGLE_QUOTES.matcher(text).replaceAll("'");
      text = DOUBLE_QUOTES.matcher(text).replaceAll("\"");
      text = LINE_BREAKS.matcher(text).replaceAll("\n");
      text = TERMINAL_ESCAPES.matcher(text).replaceAll("");
      text = CONTROLS.matcher(text).replaceAll("");
      text = Normalizer.normalize(text, Normalizer.Form.NFC);
    } while (!text.equals(before));
    return text;
  }

  private static String replaceCharacters(String text) {
    StringBuilder replaced = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            code -> {
              if (code >= 0x80 && code <= 0x9f) {
                replaced.append(Windows1252.character(code));
              } else if (isLatinLigature(code) || isWidthForm(code)) {
                replaced.append(expand(code));
              } else if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
                replaced.append('\uFFFD');
              } else {
                replaced.appendCodePoint(code);
              }
            });
    return replaced.toString();
  }

  /** One character drawn for several Latin letters: fi, IJ, 'n, Dz, Lj, nj and their like. */
  private static boolean isLatinLigature(int code) {
    return (code >= FIRST_LATIN_LIGATURE && code <= LAST_LATIN_LIGATURE)
        || code == 0x0132
        || code == 0x0133
        || code == 0x0149
        || (code >= 0x01c4 && code <= 0x01cc)
        || (code >= 0x01f1 && code <= 0x01f3);
  }

  /** Full- and half-width forms, and the ideographic space. */
  private static boolean isWidthForm(int code) {
    return (code >= 0xff01 && code <= 0xffef) || code == 0x3000;
  }

  /** The compatibility form; only the long s of its ligature with t stays long. */
  private static String expand(int code) {
    return code == LONG_S_T
        ? "\u017ft"
        : Normalizer.normalize(Character.toString(code), Normalizer.Form.NFKC);
  }
}
