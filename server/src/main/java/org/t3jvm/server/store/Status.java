package org.t3jvm.server.store;

import java.util.Locale;

/** Where a job is. */
public enum Status {
  /** Waits for its turn. */
  QUEUED,
  IN_PROGRESS,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** True of a job that nothing more happens in, unless somebody asks. */
  public boolean ended() {
    return this != QUEUED && this != IN_PROGRESS;
  }

  /** The name in JSON, such as {@code in_progress}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
