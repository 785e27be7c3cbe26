package org.t3jvm.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.command.KeptException;
import org.t3jvm.cli.option.UsageException;
import org.t3jvm.model.run.PipelineException;
import org.t3jvm.model.run.StoppedException;
import org.t3jvm.tensor.backend.BackendException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A failed job in one line; exit status 1, or 2 if the command line is to blame. */
public final class JobErrors implements IExecutionExceptionHandler {
  /** Environment variable that adds stack traces, for those who look for a defect in t3 itself. */
  private static final String DEBUG = "T3_DEBUG";

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    command.getErr().println("t3: " + line(e));
    if (System.getenv(DEBUG) != null) {
      e.printStackTrace(command.getErr());
    }
    return status(e);
  }

  private static int status(@Nullable Throwable e) {
    return switch (e) {
      case KeptException kept -> status(kept.getCause());
      case StoppedException stopped -> stopped.exitStatus();
      case UsageException usage -> CommandLine.ExitCode.USAGE;
      case null, default -> CommandLine.ExitCode.SOFTWARE;
    };
  }

  /** True if a job ended because the user asked for it. */
  public static boolean stopped(Throwable e) {
    return e instanceof StoppedException
        || (e instanceof KeptException && e.getCause() instanceof StoppedException);
  }

  /** What failed and why, in one line. */
  public static String line(Throwable e) {
    return oneLine(describe(e));
  }

  private static String describe(Throwable e) {
    return switch (e) {
      case UncheckedIOException unchecked when unchecked.getCause() != null ->
          describe(unchecked.getCause());
      case NoSuchFileException missing -> "'" + missing.getFile() + "' does not exist";
      case AccessDeniedException denied -> "'" + denied.getFile() + "': permission denied";
      case IOException io -> message(io);
      case UsageException usage -> message(usage);
      case StoppedException stopped -> "stopped before the first step was done; nothing is kept";
      case PipelineException failed -> message(failed);
      case BackendException failed -> message(failed);
      default -> "internal error, please report it with the output of %s=1: %s".formatted(DEBUG, e);
    };
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  public static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
