package org.t3jvm.model.train.data.encode;

import java.io.IOException;

/** A clip cannot be trained on; the message says why, without its name. */
public final class UnusableClipException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnusableClipException(String message) {
    super(message);
  }
}
