package org.t3jvm.accel.nvidia;

/** A library refused a call; the message is a clause for people, without a full stop. */
public final class LibraryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LibraryException(String message) {
    super(message);
  }

  LibraryException(String message, Throwable cause) {
    super(message, cause);
  }
}
