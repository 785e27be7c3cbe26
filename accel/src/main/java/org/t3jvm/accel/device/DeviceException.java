package org.t3jvm.accel.device;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.lower.Launch;

/** A device failed; the message is a clause for people, without a full stop. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Launch launch;

  public DeviceException(String message) {
    super(message);
    this.launch = null;
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
    this.launch = null;
  }

  /**
   * The failure of a launch.
   *
   * @param launch which may have been started before others that did not fail
   */
  public DeviceException(String message, Throwable cause, Launch launch) {
    super(message, cause);
    this.launch = launch;
  }

  /** The launch that failed, if it was one. */
  public Optional<Launch> launch() {
    return Optional.ofNullable(launch);
  }
}
