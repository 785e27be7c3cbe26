package org.t3jvm.loaders.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Text from files and servers in messages: on one line, bounded, safe for a terminal. */
public final class Messages {
  /** The most names that one message lists; the rest is counted. */
  public static final int MAX_LISTED = 20;

  private static final int MAX_NAME = 120;

  private Messages() {}

  /** {@code text} from a file in quotes, shortened, with nothing that could break the line. */
  public static String quote(String text) {
    return "'" + plain(text) + "'";
  }

  /** {@code text} shortened and on one line, see {@link #printable}. */
  public static String plain(String text) {
    return printable(text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME) + "...");
  }

  /**
   * {@code text} from a file or a server as it may reach a terminal: what could move the cursor,
   * break the line, hide or reorder text (control and format characters, line separators, unpaired
   * surrogates) becomes {@code ?}.
   */
  public static String printable(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> line.appendCodePoint(isPrintable(c) ? c : '?'));
    return line.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  /** The first {@value #MAX_LISTED} items, comma-separated, and how many more there are. */
  public static String list(Collection<String> items) {
    List<String> shown = new ArrayList<>();
    for (String item : items) {
      if (shown.size() == MAX_LISTED) {
        return String.join(", ", shown) + " and " + (items.size() - MAX_LISTED) + " more";
      }
      shown.add(plain(item));
    }
    return String.join(", ", shown);
  }
}
