package org.t3jvm.cli.error;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.t3jvm.model.provenance.ShellWords;

/** A run failed before its video was complete, and its state is kept. */
public final class KeptException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param cause why it ended
   * @param progress where the run is
   */
  public KeptException(Exception cause, Path folder, String progress) {
    super(
        "%s; the run is kept at %s, go on with: %s"
            .formatted(ErrorLine.of(cause), progress, command(folder)),
        cause);
  }

  /** What a user types to resume a run. */
  public static String command(Path folder) {
    return ShellWords.join(List.of("./t3", "resume", folder.toString()));
  }
}
