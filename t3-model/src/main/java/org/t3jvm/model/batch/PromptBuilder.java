package org.t3jvm.model.batch;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One prompt of named values. */
final class PromptBuilder {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})\\s*[xX*]\\s*(\\d{1,5})");

  /** What prompts are called: later names win. */
  private static final List<String> TEXT_NAMES = List.of("text", "prompt", "prompt_en");

  private final String place;
  private @Nullable String text;
  private int textName;
  private @Nullable String negative;
  private @Nullable Long seed;
  private @Nullable Integer height;
  private @Nullable Integer width;
  private @Nullable Integer frames;
  private @Nullable String image;

  /**
   * @param place where it is in the file, in words that follow the file's name
   */
  PromptBuilder(String place) {
    this.place = place;
  }

  /** Sets a value; one without a meaning here does nothing. */
  void set(String name, String value) throws PromptException {
    Field field = Field.of(name).orElse(null);
    if (field == null) {
      return;
    }
    switch (field) {
      case PROMPT -> text(name, value);
      case NEGATIVE -> negative = whole(name, value);
      case SEED -> seed = seed(value);
      case HEIGHT -> height = pixels(name, value);
      case WIDTH -> width = pixels(name, value);
      case SIZE -> size(value);
      case FRAMES -> frames = pixels(name, value);
      case IMAGE -> image = value;
      case WHOLE_BATCH ->
          throw new PromptException(
              "%s has \"%s\", which is an option of the whole batch".formatted(place, name));
    }
  }

  /** Of several, the prompt that upstream reads, else the one that is called so. */
  private void text(String name, String value) throws PromptException {
    int found = TEXT_NAMES.indexOf(name.strip().toLowerCase(Locale.ROOT));
    if (text == null || found > textName) {
      text = whole(name, value);
      textName = found;
    }
  }

  /** Half a character would be encoded as a question mark. */
  private String whole(String name, String value) throws PromptException {
    if (value
        .codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw new PromptException(
          "%s has half a character (a lone surrogate) in \"%s\"".formatted(place, name));
    }
    return value;
  }

  private long seed(String value) throws PromptException {
    try {
      return Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      throw new PromptException(
          "%s has the seed '%s', which is no integer".formatted(place, value));
    }
  }

  private int pixels(String name, String value) throws PromptException {
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      throw new PromptException(
          "%s has \"%s\" '%s', which is no integer".formatted(place, name, value));
    }
  }

  private void size(String value) throws PromptException {
    Matcher sides = SIZE.matcher(value.strip());
    if (!sides.matches()) {
      throw new PromptException(
          "%s has the size '%s', must be width x height, such as 832x480".formatted(place, value));
    }
    width = Integer.valueOf(sides.group(1));
    height = Integer.valueOf(sides.group(2));
  }

  Prompt build() throws PromptException {
    if (text == null || text.isBlank()) {
      throw new PromptException(
          "%s has no text under \"prompt_en\", \"prompt\" or \"text\"".formatted(place));
    }
    return new Prompt(text, negative, seed, height, width, frames, image);
  }
}
