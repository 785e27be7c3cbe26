package org.t3jvm.model.text;

/** The characters that Windows-1252 has where Unicode has the C1 controls U+0080 to U+009F. */
final class Windows1252 {
  private static final int FIRST = 0x80;

  /**
   * The five bytes that Windows-1252 does not define stay controls, as browsers and Python have it.
   */
  private static final String CHARACTERS =
      "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d"
          + "\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014"
          + "\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

  private Windows1252() {}

  /** The character of a code from 0x80 to 0x9f. */
  static String character(int code) {
    return CHARACTERS.substring(code - FIRST, code - FIRST + 1);
  }
}
