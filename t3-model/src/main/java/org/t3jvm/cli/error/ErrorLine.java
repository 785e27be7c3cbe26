package org.t3jvm.cli.error;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.JobException;
import org.t3jvm.tensor.backend.BackendException;

/** What failed and why, in one line. */
public final class ErrorLine {
  /** Environment variable that adds stack traces, for those who look for a defect in t3 itself. */
  public static final String DEBUG = "T3_DEBUG";

  private ErrorLine() {}

  /** The line of a failure. */
  public static String of(Throwable e) {
    return oneLine(FieldOptions.spell(describe(e)));
  }

  private static String describe(Throwable e) {
    return switch (e) {
      case UncheckedIOException unchecked when unchecked.getCause() != null ->
          describe(unchecked.getCause());
      case NoSuchFileException missing -> "'" + missing.getFile() + "' does not exist";
      case AccessDeniedException denied -> "'" + denied.getFile() + "': permission denied";
      case IOException io -> message(io);
      case UsageException usage -> message(usage);
      case JobException job -> message(job);
      case StoppedException stopped -> message(stopped);
      case RunFailedException failed -> message(failed);
      case BackendException failed -> message(failed);
      default -> "internal error, please report it with the output of %s=1: %s".formatted(DEBUG, e);
    };
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Text with its line breaks replaced. */
  public static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
