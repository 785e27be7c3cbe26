package org.t3jvm.cli.error;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.JobException;
import org.t3jvm.loaders.text.Messages;
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
      case OutOfMemoryError full ->
          "the Java heap of %d MB is full (%s); give it more, such as JAVA_OPTS=-Xmx4g"
              .formatted(Runtime.getRuntime().maxMemory() >> 20, full.getMessage());
      case InternalError fault when String.valueOf(fault.getMessage()).contains("memory access") ->
          "a file that is in use was shortened or cannot be read any more";
      default -> "internal error, please report it with the output of %s=1: %s".formatted(DEBUG, e);
    };
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Text with its line breaks replaced, and what else a terminal should not get. */
  public static String oneLine(String text) {
    return Messages.printable(text.strip().replaceAll("\\s*\\R\\s*", "; "));
  }
}
