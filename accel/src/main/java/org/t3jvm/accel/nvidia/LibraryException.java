package org.t3jvm.accel.nvidia;

import org.t3jvm.accel.foreign.DriverException;

/** A library refused a call; the message is a clause for people, without a full stop. */
public final class LibraryException extends DriverException {
  private static final long serialVersionUID = 1L;

  public LibraryException(String message) {
    super(message);
  }

  public LibraryException(String message, Throwable cause) {
    super(message, cause);
  }
}
