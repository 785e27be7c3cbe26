package org.t3jvm.model.train.data;

import java.io.IOException;

/** A clip cannot be trained on; the message says why, without its name. */
final class UnusableClipException extends IOException {
  private static final long serialVersionUID = 1L;

  UnusableClipException(String message) {
    super(message);
  }
}
