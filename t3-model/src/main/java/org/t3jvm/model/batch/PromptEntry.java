package org.t3jvm.model.batch;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a file of prompts, or a row of a table: a prompt, or why it is none.
 *
 * @param prompt null if the entry is broken
 * @param error what is wrong with it, in one line; null if nothing is
 */
public record PromptEntry(@Nullable Prompt prompt, @Nullable String error) {
  /** What reads one entry. */
  interface Reader {
    Prompt read() throws PromptException;
  }

  static PromptEntry of(Reader reader) {
    try {
      return new PromptEntry(reader.read(), null);
    } catch (PromptException e) {
      return new PromptEntry(null, e.getMessage());
    }
  }

  /**
   * The entry of named values.
   *
   * @param place where the values come from, for messages
   */
  public static PromptEntry of(String place, Map<String, String> values) {
    return of(
        () -> {
          PromptBuilder prompt = new PromptBuilder(place);
          for (Map.Entry<String, String> value : values.entrySet()) {
            prompt.set(value.getKey(), value.getValue());
          }
          return prompt.build();
        });
  }

  /** The same with the file named before what is wrong. */
  PromptEntry in(String file) {
    return error == null ? this : new PromptEntry(null, "'%s'%s".formatted(file, error));
  }

  /**
   * The prompt.
   *
   * @throws IOException if the entry is broken
   */
  Prompt orThrow() throws IOException {
    if (prompt == null) {
      throw new IOException(error);
    }
    return prompt;
  }
}
