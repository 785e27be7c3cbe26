package org.t3jvm.server.queue;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.CancelToken;
import org.t3jvm.server.store.JobStore;
import org.t3jvm.server.store.Status;

/** Runs the jobs of a queue, one at a time, on a thread of its own. */
public final class Runner implements AutoCloseable {
  /** With less free disk no job is begun, and a job that fails waits for more. */
  private static final long LEAST_DISK = 64L << 20;

  private static final long RETRY_MILLIS = 2000;

  /** Free bytes of disk. */
  public interface Disk {
    long usableBytes() throws IOException;
  }

  private final JobQueue queue;
  private final Maker maker;
  private final Disk disk;
  private final int keep;
  private final Consumer<Throwable> defects;
  private final Thread thread = new Thread(this::run, "t3-runner");

  /**
   * A runner that waits for {@link #start}.
   *
   * @param keep ended jobs that stay; 0 for all
   * @param defects gets what no job should fail with
   */
  public Runner(JobQueue queue, Maker maker, Disk disk, int keep, Consumer<Throwable> defects) {
    this.queue = queue;
    this.maker = maker;
    this.disk = disk;
    this.keep = keep;
    this.defects = defects;
  }

  /** The disk of a store. */
  public static Disk disk(JobStore store) {
    return store::usableBytes;
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        String full = full();
        queue.pause(full);
        if (full != null) {
          queue.sleep(RETRY_MILLIS);
          if (queue.isClosed()) {
            return;
          }
        } else if (!runNext()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why no job can be begun. */
  private @Nullable String full() {
    try {
      long usable = disk.usableBytes();
      return usable >= LEAST_DISK
          ? null
          : "the disk is full: %d MB are free, %d MB are needed; the queue waits for more"
              .formatted(usable >> 20, LEAST_DISK >> 20);
    } catch (IOException e) {
      return "the data folder cannot be read: " + Reason.of(e);
    }
  }

  /** False if the queue is closed. */
  private boolean runNext() throws InterruptedException {
    Job job;
    try {
      job = queue.begin();
    } catch (IOException | RuntimeException e) {
      report(e);
      queue.pause("a job cannot be begun: " + Reason.of(e));
      queue.sleep(RETRY_MILLIS);
      return !queue.isClosed();
    }
    if (job == null) {
      return false;
    }
    try {
      end(job, make(job));
    } catch (IOException | RuntimeException e) {
      report(e);
      queue.pause("the state of a job cannot be written: " + Reason.of(e));
      queue.putBack(job);
      queue.sleep(RETRY_MILLIS);
    }
    prune();
    return !queue.isClosed();
  }

  /** What cannot be removed now is removed after the next job. */
  private void prune() {
    try {
      if (keep > 0) {
        queue.prune(keep);
      }
    } catch (IOException e) {
      defects.accept(e);
    }
  }

  /** What ended the run; null if the video is there. */
  @SuppressWarnings("CatchThrowable")
  private @Nullable Throwable make(Job job) {
    Path folder = queue.folder(job);
    CancelToken cancel = requireNonNull(job.running);
    try {
      maker.make(job.stored(), folder, new RunListener(job, folder), cancel);
      return null;
    } catch (Throwable e) {
      // Whatever ends one job must not end the queue.
      return e;
    }
  }

  private void end(Job job, @Nullable Throwable cause) throws IOException {
    if (cause == null) {
      queue.end(job, Status.COMPLETED, null);
    } else if (Reason.isCancelled(cause)) {
      queue.end(job, Status.CANCELLED, null);
    } else if (cause instanceof IOException && full() != null) {
      queue.putBack(job);
    } else {
      report(cause);
      queue.end(job, Status.FAILED, Reason.of(cause));
    }
  }

  private void report(Throwable cause) {
    if (Reason.isInternal(cause)) {
      defects.accept(cause);
    }
  }

  /** Waits for the run that is on, once the queue is closed. */
  @Override
  public void close() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
