package org.t3jvm.cli.error;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.model.provenance.ShellWords;

/** A run failed before its video was complete; the message has the command that resumes it. */
public final class KeptException extends IOException {
  private static final long serialVersionUID = 1L;

  public KeptException(KeptRunException kept) {
    super(
        "%s; the run is kept at %s, resume with: %s"
            .formatted(
                ErrorLine.of(kept.getCause() == null ? kept : kept.getCause()),
                kept.progress(),
                command(kept.folder())),
        kept.getCause());
  }

  /** What a user types to resume a run. */
  public static String command(Path folder) {
    return ShellWords.join(List.of("./t3", "resume", folder.toString()));
  }
}
