package org.t3jvm.model.batch;

/** What is wrong with a file of prompts, in words that follow its name. */
final class PromptException extends Exception {
  private static final long serialVersionUID = 1L;

  PromptException(String message) {
    super(message);
  }
}
