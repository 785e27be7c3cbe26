package org.t3jvm.loaders.io;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.t3jvm.loaders.StoredType;

/** Wording shared by the messages of this module. */
public final class Messages {
  /** The most names that one message lists; the rest is counted. */
  public static final int MAX_LISTED = 20;

  private static final int MAX_NAME = 120;

  private Messages() {}

  /** {@code text} from a file in quotes, shortened, with nothing that could break the line. */
  public static String quote(String text) {
    return "'" + plain(text) + "'";
  }

  /** {@code text} shortened and on one line, control characters replaced. */
  public static String plain(String text) {
    String head = text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME) + "...";
    StringBuilder line = new StringBuilder(head.length());
    for (int i = 0; i < head.length(); i++) {
      char c = head.charAt(i);
      boolean unsafe = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
      line.append(unsafe || c == '\u2028' || c == '\u2029' ? '?' : c);
    }
    return line.toString();
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

  /** That a checkpoint of {@code count} tensors has none called {@code name}. */
  public static String absent(String name, int count) {
    return "has no tensor %s among its %d".formatted(quote(name), count);
  }

  /** Why {@code Checkpoint.tensor(name)} refuses a type, and which it would take. */
  public static String unsupported(String name, StoredType type) {
    List<String> usable = new ArrayList<>();
    for (StoredType each : StoredType.values()) {
      if (each.dtype() != null) {
        usable.add(each.name());
      }
    }
    return "tensor %s has dtype %s, which is not supported; supported are %s"
        .formatted(quote(name), type, String.join(", ", usable));
  }
}
