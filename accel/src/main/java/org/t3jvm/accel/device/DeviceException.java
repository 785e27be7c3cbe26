package org.t3jvm.accel.device;

/** A device failed; the message is a clause for people, without a full stop. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
