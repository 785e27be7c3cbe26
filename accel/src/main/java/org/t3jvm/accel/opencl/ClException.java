package org.t3jvm.accel.opencl;

import org.t3jvm.accel.foreign.DriverException;

/** A call of OpenCL failed. */
final class ClException extends DriverException {
  private static final long serialVersionUID = 1L;

  private final int status;

  ClException(String what, int status) {
    super("%s: %s".formatted(what, ClStatus.describe(status)));
    this.status = status;
  }

  ClException(String what, Throwable cause) {
    super("%s: %s".formatted(what, cause), cause);
    this.status = ClStatus.SUCCESS;
  }

  /** What the call returned. */
  int status() {
    return status;
  }
}
