package org.t3jvm.model.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A server's answer that may be another one later. */
final class TemporaryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> wait;

  /**
   * @param wait how long the server asks to wait, if it says so
   */
  TemporaryException(String message, Optional<Duration> wait) {
    super(message);
    this.wait = wait;
  }

  Optional<Duration> waitFor() {
    return wait;
  }
}
