package org.t3jvm.model.pipeline;

/** The user asked a run to stop, and it did, between two parts of its work. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoppedException() {
    super("stopped");
  }
}
