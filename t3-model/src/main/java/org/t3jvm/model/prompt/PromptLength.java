package org.t3jvm.model.prompt;

import java.util.Optional;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;

/** Whether a prompt is longer than the model reads. */
public final class PromptLength {
  private PromptLength() {}

  /**
   * What the model does not read of a prompt, in one line; empty if it reads all of it.
   *
   * @param what such as {@code prompt}
   */
  public static Optional<String> cut(Tokenizer tokenizer, String what, String prompt) {
    return tokenizer
        .cut(PromptCleaner.clean(prompt), TextRows.TEXT_LENGTH)
        .map(
            cut ->
                "the %s has %d tokens, the model reads %d: from '%s' on it is left out"
                    .formatted(what, cut.tokens(), cut.read(), cut.from()));
  }
}
