package org.t3jvm.server.queue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.CancelToken;
import org.t3jvm.server.store.Status;
import org.t3jvm.server.store.StoredJob;

/** A job as the server holds it. Any thread reads it; {@link JobQueue} changes it. */
public final class Job {
  private final EventLog log;
  private volatile StoredJob stored;
  private volatile @Nullable Progress progress;
  private volatile boolean gone;
  private final AtomicLong previews;
  private volatile @Nullable Written written;

  /**
   * A state, as it was written for clients.
   *
   * @param text of the state
   */
  public record Written(JobState state, String text) {}

  /** Of the run that is on; guarded by the queue's lock. */
  @Nullable CancelToken running;

  /** Whether somebody has cancelled the run that is on; guarded by the queue's lock. */
  boolean cancelled;

  /** Whether the job is to go when its run ends; guarded by the queue's lock. */
  boolean deleted;

  /**
   * A job.
   *
   * @param previews that there are already
   */
  Job(StoredJob stored, long previews) {
    this.stored = stored;
    this.previews = new AtomicLong(previews);
    this.log = new EventLog(System.currentTimeMillis());
  }

  public String id() {
    return stored.id();
  }

  public StoredJob stored() {
    return stored;
  }

  public Status status() {
    return stored.status();
  }

  /** How far the run has come; null before it began in this process. */
  public @Nullable Progress progress() {
    return progress;
  }

  /** The number of the latest preview; 0 if there is none. */
  public long previews() {
    return previews.get();
  }

  /** What clients see of the job now; it is written anew only when that has changed. */
  public Written written(Function<JobState, String> writer) {
    JobState now = new JobState(stored, progress, previews());
    Written last = written;
    if (last == null || !last.state().equals(now)) {
      last = new Written(now, writer.apply(now));
      written = last;
    }
    return last;
  }

  public EventLog log() {
    return log;
  }

  /** True once nothing more happens in the job, unless somebody asks. */
  public boolean over() {
    return gone || status().ended();
  }

  /** Somebody has deleted the job, which listeners hear of. */
  void leave() {
    gone = true;
    log.add("deleted", "{}");
    log.trim();
  }

  /** Another state, which listeners hear of. */
  void become(StoredJob next) {
    stored = next;
    if (next.status() == Status.COMPLETED) {
      progress = null;
    }
    log.add("status", "{\"status\":\"%s\"}".formatted(next.status()));
    if (next.status().ended()) {
      log.trim();
    }
  }

  void become(Progress next) {
    progress = next;
  }

  void previewed() {
    log.add("preview", "{\"preview\":%d}".formatted(previews.incrementAndGet()));
  }
}
