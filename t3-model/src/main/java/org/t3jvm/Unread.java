package org.t3jvm;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a model does not read of prompts that are too long for it, in one line each.
 *
 * @param prompt of the prompt; empty if all of it is read
 * @param negative of the negative prompt; empty if all of it is read, or it is not used
 */
public record Unread(Optional<String> prompt, Optional<String> negative) {
  /** Both lines, as far as there are any. */
  public List<String> all() {
    return Stream.of(prompt, negative).flatMap(Optional::stream).toList();
  }
}
