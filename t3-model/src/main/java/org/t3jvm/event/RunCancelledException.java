package org.t3jvm.event;

/** A run stopped between two parts of its work because its {@link CancelToken} was cancelled. */
public final class RunCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RunCancelledException() {
    super("cancelled");
  }
}
