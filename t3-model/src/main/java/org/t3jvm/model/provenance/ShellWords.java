package org.t3jvm.model.provenance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.t3jvm.loaders.text.Messages;

/** Words as a POSIX shell reads them back. */
public final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWords() {}

  /** All words in one line, quoted where a shell would change them. */
  public static String join(List<String> words) {
    return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }

  /**
   * One word, without characters that a terminal would not show; in single quotes, between which a
   * shell changes nothing, if it needs any.
   */
  static String quote(String word) {
    if (!Messages.printable(word).equals(word)) {
      return printed(word);
    }
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** As printf(1) makes it; a shell drops line breaks at its end, as the prompt's cleaning does. */
  private static String printed(String word) {
    StringBuilder format = new StringBuilder("\"$(printf '");
    word.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            character -> {
              if (character.equals("%")) {
                format.append("%%");
              } else if (Messages.printable(character).equals(character)
                  && !"'\\".contains(character)) {
                format.append(character);
              } else {
                for (byte unit : character.getBytes(StandardCharsets.UTF_8)) {
                  format.append("\\%03o".formatted(unit & 0xFF));
                }
              }
            });
    return format.append("')\"").toString();
  }
}
