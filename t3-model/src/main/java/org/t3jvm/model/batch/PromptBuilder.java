package org.t3jvm.model.batch;

import org.jspecify.annotations.Nullable;

/** One prompt of named values. */
final class PromptBuilder {
  private final String place;
  private @Nullable String text;
  private @Nullable String negative;
  private @Nullable Long seed;

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
      case PROMPT -> text = value;
      case NEGATIVE -> negative = value;
      case SEED -> seed = seed(value);
      case WHOLE_BATCH ->
          throw new PromptException(
              "%s has \"%s\", which is an option of the whole batch".formatted(place, name));
    }
  }

  private long seed(String value) throws PromptException {
    try {
      return Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      throw new PromptException(
          "%s has the seed '%s', which is no integer".formatted(place, value));
    }
  }

  Prompt build() throws PromptException {
    if (text == null || text.isBlank()) {
      throw new PromptException(
          "%s has no text under \"prompt_en\" or \"prompt\"".formatted(place));
    }
    return new Prompt(text, negative, seed);
  }
}
