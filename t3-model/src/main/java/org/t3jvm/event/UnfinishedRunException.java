package org.t3jvm.event;

import java.io.IOException;
import java.nio.file.Path;

/** An unfinished run of the same output is there, which a new one would replace. */
public final class UnfinishedRunException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path folder;
  private final boolean damaged;

  /**
   * @param folder of the state
   * @param message what is in it
   * @param damaged whether it cannot be resumed
   */
  public UnfinishedRunException(Path folder, String message, boolean damaged) {
    super(message);
    this.folder = folder;
    this.damaged = damaged;
  }

  /** The folder of the unfinished run. */
  public Path folder() {
    return folder;
  }

  /** True if the run cannot be resumed. */
  public boolean damaged() {
    return damaged;
  }
}
