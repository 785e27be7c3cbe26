package org.t3jvm.model.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;

/**
 * Counts failures in a row and waits after each, twice as long as after the one before, or as long
 * as the server asks.
 */
final class Retries {
  /** Failures in a row after which it is given up. */
  static final int LIMIT = 6;

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final String what;
  private final Pause pause;
  private final int connections;
  private int failures;

  /**
   * @param what is tried, for the message
   */
  Retries(String what, Pause pause) {
    this(what, pause, LIMIT);
  }

  /**
   * @param connections failures to connect in a row after which it is given up
   */
  Retries(String what, Pause pause, int connections) {
    this.what = what;
    this.pause = pause;
    this.connections = connections;
  }

  /** Something came through: the count begins anew. */
  void progressed() {
    failures = 0;
  }

  /**
   * Waits after a failure.
   *
   * @throws HubException if it was one too many, or one that is final
   */
  void failed(IOException cause) throws IOException {
    if (cause instanceof HubException) {
      throw cause;
    }
    if (++failures >= (cause instanceof ConnectException ? connections : LIMIT)) {
      throw new HubException(
          "%s failed %d times, the last time with: %s; run the same command again to resume"
              .formatted(what, failures, message(cause)),
          cause);
    }
    Duration wait = FIRST.multipliedBy(1L << (failures - 1));
    if (cause instanceof TemporaryException temporary) {
      wait = temporary.waitFor().orElse(wait);
    }
    try {
      pause.sleep(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(what + " was interrupted");
    }
  }

  private static String message(IOException cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
