package org.t3jvm.accel.foreign;

/** A call of a driver or of a library failed; the message is a clause, without a full stop. */
public class DriverException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DriverException(String message) {
    super(message);
  }

  public DriverException(String message, Throwable cause) {
    super(message, cause);
  }
}
