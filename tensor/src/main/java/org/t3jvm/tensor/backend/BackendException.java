package org.t3jvm.tensor.backend;

/** A backend cannot start, compile or run; the message is one line for people. */
public class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BackendException(String message) {
    super(message);
  }

  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
