package org.t3jvm.event;

/** A run failed; the message is one line that names stage, step or tensor. */
public class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RunFailedException(String message) {
    super(message);
  }
}
