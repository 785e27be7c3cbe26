package org.t3jvm.accel.tornado;

import java.util.List;
import org.t3jvm.accel.device.DeviceException;

/** Errors of TornadoVM, of any class, as one line for people. */
final class Failures {
  /** The text before the cause in TornadoVM's message, after a less specific first line. */
  private static final List<String> MARKS = List.of("The internal error is:", "Reason:");

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

  /** The line that names the cause, else the first with words; without colours. */
  private static String line(String text) {
    List<String> lines =
        text.replaceAll("\u001B\\[[0-9;]*m", "")
            .lines()
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .toList();
    for (String mark : MARKS) {
      for (String line : lines) {
        if (line.startsWith(mark) && line.length() > mark.length()) {
          return line.substring(mark.length()).strip();
        }
      }
    }
    return lines.isEmpty() ? "no reason is given" : lines.getFirst();
  }
}
