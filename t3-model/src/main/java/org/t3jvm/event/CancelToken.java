package org.t3jvm.event;

/**
 * Stops a run: any thread cancels it, and the run ends at the end of the block that it computes.
 */
public final class CancelToken {
  private volatile boolean cancelled;

  /** Of a run that nobody has asked to stop. */
  public CancelToken() {}

  /** Asks the run to stop; a run that has ended is not changed. */
  public void cancel() {
    cancelled = true;
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Fails if the run was asked to stop.
   *
   * @throws RunCancelledException if {@link #cancel} was called
   */
  public void check() {
    if (cancelled) {
      throw new RunCancelledException();
    }
  }
}
