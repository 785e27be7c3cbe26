package org.t3jvm.cli;

import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.error.KeptException;
import org.t3jvm.cli.error.StoppedException;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.JobException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A failed job in one line; exit status 1, or 2 if the command line is to blame. */
public final class JobErrors implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e, command);
  }

  /** Prints what failed; gives the exit status. */
  static int report(Throwable e, CommandLine command) {
    command.getErr().println("t3: " + ErrorLine.of(e));
    if (System.getenv(ErrorLine.DEBUG) != null) {
      e.printStackTrace(command.getErr());
    }
    return status(e);
  }

  private static int status(@Nullable Throwable e) {
    return switch (e) {
      case KeptException kept -> status(kept.getCause());
      case StoppedException stopped -> stopped.exitStatus();
      case UsageException usage -> CommandLine.ExitCode.USAGE;
      case JobException job -> CommandLine.ExitCode.USAGE;
      case null, default -> CommandLine.ExitCode.SOFTWARE;
    };
  }
}
