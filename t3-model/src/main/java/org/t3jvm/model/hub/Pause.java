package org.t3jvm.model.hub;

import java.time.Duration;

/** Waits between attempts. */
@FunctionalInterface
public interface Pause {
  /** Sleeps. */
  Pause REAL = Thread::sleep;

  /** Returns after that time. */
  void sleep(Duration duration) throws InterruptedException;
}
