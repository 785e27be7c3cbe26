package org.t3jvm.cli.error;

/** A signal ended a command between two parts of its work. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int signal;

  /**
   * @param signal number of the signal, such as 2 for Ctrl-C
   * @param message what is left of the work
   */
  public StoppedException(int signal, String message, Throwable cause) {
    super(message, cause);
    this.signal = signal;
  }

  /** What a process ends with that the signal has ended. */
  public int exitStatus() {
    return exitStatus(signal);
  }

  /** What a process ends with that signal {@code number} has ended. */
  public static int exitStatus(int number) {
    return 128 + number;
  }
}
