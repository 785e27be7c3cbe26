package org.t3jvm.model.fit;

import org.t3jvm.event.RunFailedException;

/** A stage does not fit into the memory that there is. */
final class ShortageException extends RunFailedException {
  private static final long serialVersionUID = 1L;

  ShortageException(String message) {
    super(message);
  }
}
