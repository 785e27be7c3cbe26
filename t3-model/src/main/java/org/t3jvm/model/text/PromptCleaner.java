package org.t3jvm.model.text;

import java.util.regex.Pattern;

/**
 * Prompts as the text encoder was trained to see them: upstream's "whitespace" cleaning (SPEC 2).
 */
public final class PromptCleaner {
  /** What Python's {@code str.isspace} and {@code \s} take for white space. */
  private static final String WHITESPACE =
      "[\\t-\\r\\x1c-\\x20\\x85\\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+";

  private static final Pattern RUN = Pattern.compile(WHITESPACE);
  private static final Pattern ENDS = Pattern.compile("^" + WHITESPACE + "|" + WHITESPACE + "\\z");

  private PromptCleaner() {}

  /**
   * The prompt with quotes straightened, width forms and ligatures expanded, controls removed, HTML
   * references decoded twice, and every run of white space made one space, none at the ends.
   */
  public static String clean(String prompt) {
    String text = TextFixer.fix(prompt);
    text = HtmlEntities.unescape(HtmlEntities.unescape(text));
    text = ENDS.matcher(text).replaceAll("");
    return RUN.matcher(text).replaceAll(" ");
  }
}
