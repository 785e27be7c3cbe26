package org.t3jvm.loaders;

import java.io.IOException;

/**
 * A checkpoint that cannot be read, written or used as requested. The message is one line and names
 * the file, the tensor where there is one, what is wrong and what would be right.
 */
public class CheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
