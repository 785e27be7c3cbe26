package org.t3jvm.accel.tornado;

import org.t3jvm.accel.device.DeviceException;

/** Errors of TornadoVM, of any class, as one line for people. */
final class Failures {
  private Failures() {}

  /** What was tried, and the innermost reason that has words. */
  static DeviceException of(String what, Throwable error) {
    String reason = error.toString();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        reason = message;
      }
    }
    return new DeviceException(what + ": " + line(reason), error);
  }

  /** The first line with words, without colours. */
  private static String line(String text) {
    return text.replaceAll("\u001B\\[[0-9;]*m", "")
        .lines()
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .findFirst()
        .orElse("no reason is given");
  }
}
