package org.t3jvm.server.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.VideoJob;

/**
 * What {@code job.json} of a job's folder holds.
 *
 * @param id of the job and name of its folder
 * @param model that the job was given to; null of jobs of versions that did not record it
 * @param job with every choice filled in; its files are named without a folder
 * @param times when what happened
 * @param error why the job failed; null if it did not
 */
public record StoredJob(
    String id,
    @Nullable String model,
    VideoJob job,
    Status status,
    Times times,
    @Nullable String error) {
  /**
   * When what happened, to the millisecond.
   *
   * @param created when the job came in
   * @param started when it was last begun or resumed; null if it never was
   * @param ended when it was completed, failed or cancelled; null if it was not
   */
  public record Times(Instant created, @Nullable Instant started, @Nullable Instant ended) {}

  /** A job that comes in now. */
  public static StoredJob begun(String id, String model, VideoJob job) {
    return new StoredJob(id, model, job, Status.QUEUED, new Times(now(), null, null), null);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The job waits, again or still. */
  public StoredJob queued() {
    Times reset = new Times(times.created(), times.started(), null);
    return new StoredJob(id, model, job, Status.QUEUED, reset, null);
  }

  /** The job computes from now on. */
  public StoredJob started() {
    Times begun = new Times(times.created(), now(), null);
    return new StoredJob(id, model, job, Status.IN_PROGRESS, begun, null);
  }

  /** The job has ended. */
  public StoredJob ended(Status how, @Nullable String reason) {
    Times over = new Times(times.created(), times.started(), now());
    return new StoredJob(id, model, job, how, over, reason);
  }
}
