package org.t3jvm.server.queue;

/** What was asked for is not for a job in its state. */
public final class JobStateException extends Exception {
  private static final long serialVersionUID = 1L;

  public JobStateException(String message) {
    super(message);
  }
}
