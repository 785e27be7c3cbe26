package org.t3jvm.model.media;

import java.util.concurrent.locks.LockSupport;

/** Ends a process that is waited for longer than it may take. */
final class Watchdog implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long LOOK_NANOS = 250_000_000;

  private final Process process;
  private volatile long leftAtStart = NEVER;
  private volatile long started;
  private volatile boolean bit;
  private volatile boolean closed;

  Watchdog(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().name("t3-media-watchdog").start(this::run);
  }

  private void run() {
    while (!closed && process.isAlive()) {
      long limit = leftAtStart;
      if (limit != NEVER && System.nanoTime() - started > limit) {
        bit = true;
        process.destroyForcibly();
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** The process has this long from now on. */
  void watch(long nanos) {
    started = System.nanoTime();
    leftAtStart = nanos;
  }

  /** Nothing is waited for. */
  void rest() {
    leftAtStart = NEVER;
  }

  /** True if the process was ended. */
  boolean bit() {
    return bit;
  }

  @Override
  public void close() {
    closed = true;
  }
}
