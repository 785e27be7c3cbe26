package org.t3jvm.model.text.json;

import java.util.ArrayList;
import java.util.List;

/**
 * Spaces become marks, and a text is divided before each.
 *
 * @param mark what stands for a space
 * @param prefix where a mark is put before a text that has none
 * @param split true if words are encoded one by one
 */
record Metaspace(char mark, Prefix prefix, boolean split) {
  /** Before every part of a text, only at its beginning, or nowhere. */
  enum Prefix {
    ALWAYS,
    FIRST,
    NEVER
  }

  /**
   * The words of a part of a text.
   *
   * @param first true if the text begins with it
   */
  List<String> words(String part, boolean first) {
    String marked = part.replace(' ', mark);
    boolean wanted = prefix == Prefix.ALWAYS || (prefix == Prefix.FIRST && first);
    if (wanted && !marked.isEmpty() && marked.charAt(0) != mark) {
      marked = mark + marked;
    }
    if (!split) {
      return List.of(marked);
    }
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int at = 1; at <= marked.length(); at++) {
      if (at == marked.length() || marked.charAt(at) == mark) {
        words.add(marked.substring(start, at));
        start = at;
      }
    }
    return words;
  }
}
