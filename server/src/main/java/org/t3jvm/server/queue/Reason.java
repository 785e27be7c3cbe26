package org.t3jvm.server.queue;

import java.io.IOException;
import java.util.regex.Pattern;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunCancelledException;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.JobException;
import org.t3jvm.tensor.backend.BackendException;

/** Why something failed, as people who use the server may read it: no folders, one line. */
public final class Reason {
  private static final Pattern FOLDERS =
      Pattern.compile("(?<![\\w.])(?:[A-Za-z]:)?(?:[/\\\\][^/\\\\\\s'\":;,]+)*[/\\\\](?=[^\\s])");

  private Reason() {}

  /** The line of a failure; what is no fault of the job or of a file is an internal error. */
  public static String of(Throwable e) {
    return switch (e) {
      case KeptRunException kept when kept.getCause() != null -> of(kept.getCause());
      case IOException io -> line(io);
      case JobException job -> line(job);
      case RunFailedException failed -> line(failed);
      case BackendException failed -> line(failed);
      case OutOfMemoryError memory -> "the JVM's heap is too small for this job";
      default -> "internal error";
    };
  }

  /** True if a failure is that somebody has cancelled the run. */
  static boolean isCancelled(Throwable e) {
    return e instanceof RunCancelledException || e.getCause() instanceof RunCancelledException;
  }

  /** True if {@link #of} does not say what happened. */
  static boolean isInternal(Throwable e) {
    return of(e).equals("internal error");
  }

  private static String line(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : withoutFolders(message);
  }

  /** A text in one line in which files have lost their folders. */
  public static String withoutFolders(String text) {
    return FOLDERS.matcher(text.strip().replaceAll("\\s*\\R\\s*", "; ")).replaceAll("");
  }
}
