package org.t3jvm.event;

import java.io.IOException;
import java.nio.file.Path;

/** Another run makes the same output at this moment. */
public final class RunInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param folder of its state
   */
  public RunInUseException(Path folder) {
    super("%s: in use by another run of t3".formatted(folder));
  }
}
