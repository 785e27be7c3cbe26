package org.t3jvm.model.run;

/** The user asked a run to stop, and it did, between two parts of its work. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int signal;

  /**
   * @param signal number of the signal that asked for it, such as 2 for Ctrl-C
   */
  public StoppedException(int signal) {
    super("stopped");
    this.signal = signal;
  }

  /** What a process ends with that a signal has ended. */
  public int exitStatus() {
    return exitStatus(signal);
  }

  /** What a process ends with that signal {@code number} has ended. */
  public static int exitStatus(int number) {
    return 128 + number;
  }
}
