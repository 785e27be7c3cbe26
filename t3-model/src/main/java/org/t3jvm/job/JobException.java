package org.t3jvm.job;

/** A job cannot be; the message is one line that names the field, its value and what is right. */
public class JobException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public JobException(String message) {
    super(message);
  }

  public JobException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Fails with {@code field is value, must be right} unless {@code holds}. */
  public static void require(boolean holds, String field, Object value, String right) {
    if (!holds) {
      throw new JobException("%s is %s, must be %s".formatted(field, value, right));
    }
  }
}
