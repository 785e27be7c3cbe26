package org.t3jvm.model.hub;

import java.io.IOException;

/** A failure that trying again does not mend; the message is one line for people. */
public final class HubException extends IOException {
  private static final long serialVersionUID = 1L;

  HubException(String message) {
    super(message);
  }

  HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
