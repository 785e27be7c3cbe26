package org.t3jvm.event;

import java.io.IOException;
import java.nio.file.Path;

/** A run ended before its video was complete, and can be resumed from its state. */
public final class KeptRunException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path folder;
  private final String progress;

  /**
   * @param cause why it ended
   * @param folder of the state
   * @param progress how far the run has come
   */
  public KeptRunException(Exception cause, Path folder, String progress) {
    super("%s; the run is kept at %s in %s".formatted(cause.getMessage(), progress, folder), cause);
    this.folder = folder;
    this.progress = progress;
  }

  /** The folder to resume the run from. */
  public Path folder() {
    return folder;
  }

  /** How far the run has come, such as {@code step 3 of 50}. */
  public String progress() {
    return progress;
  }
}
