package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.t3jvm.cli.JobErrors;
import org.t3jvm.model.provenance.ShellWords;
import org.t3jvm.model.run.StoppedException;

/** A run ended before its video was there, and its state is kept. */
public final class KeptException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param cause why it ended
   * @param progress where the run is
   */
  KeptException(Exception cause, Path folder, String progress) {
    super(
        cause instanceof StoppedException
            ? "stopped at %s; go on with: %s".formatted(progress, command(folder))
            : "%s; the run is kept at %s, go on with: %s"
                .formatted(JobErrors.line(cause), progress, command(folder)),
        cause);
  }

  /** What a user types to go on with a run. */
  static String command(Path folder) {
    return ShellWords.join(List.of("./t3", "resume", folder.toString()));
  }
}
