package org.t3jvm.model.text.json;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import org.t3jvm.model.text.spiece.Charsmap;

/** One step of a normaliser. None makes a text more than 256 times as long. */
sealed interface TextStep {
  /** The text after this step. */
  String apply(String text);

  /**
   * The character map, as that library applies it: to each grapheme of fewer than six bytes as a
   * whole, else to each of its characters; the shortest mapped prefix stands for all of it.
   */
  record Mapped(Charsmap charsmap) implements TextStep {
    private static final int LONG_GRAPHEME = 6;

    @Override
    public String apply(String text) {
      StringBuilder result = new StringBuilder(text.length());
      BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
      graphemes.setText(text);
      int start = graphemes.first();
      for (int end = graphemes.next(); end != BreakIterator.DONE; end = graphemes.next()) {
        append(text.substring(start, end), result);
        start = end;
      }
      return result.toString();
    }

    private void append(String grapheme, StringBuilder result) {
      byte[] bytes = grapheme.getBytes(StandardCharsets.UTF_8);
      byte[] whole = bytes.length < LONG_GRAPHEME ? charsmap.shortest(bytes) : null;
      if (whole != null) {
        result.append(new String(whole, StandardCharsets.UTF_8));
        return;
      }
      grapheme
          .codePoints()
          .mapToObj(Character::toString)
          .forEach(
              character -> {
                byte[] mapped = charsmap.shortest(character.getBytes(StandardCharsets.UTF_8));
                result.append(
                    mapped == null ? character : new String(mapped, StandardCharsets.UTF_8));
              });
    }
  }

  /** A normal form of Unicode. */
  record Form(Normalizer.Form form) implements TextStep {
    @Override
    public String apply(String text) {
      return Normalizer.normalize(text, form);
    }
  }

  /** Runs of two spaces and more become one text. */
  record SpaceRuns(String content) implements TextStep {
    @Override
    public String apply(String text) {
      return text.replaceAll(" {2,}", content);
    }
  }

  /** White space at the ends is dropped. */
  record Stripped(boolean left, boolean right) implements TextStep {
    @Override
    public String apply(String text) {
      String begun = left ? text.stripLeading() : text;
      return right ? begun.stripTrailing() : begun;
    }
  }

  /** One step after another. */
  record InOrder(List<TextStep> steps) implements TextStep {
    @Override
    public String apply(String text) {
      String result = text;
      for (TextStep step : steps) {
        result = step.apply(result);
      }
      return result;
    }
  }
}
