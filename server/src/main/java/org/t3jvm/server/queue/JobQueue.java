package org.t3jvm.server.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.VideoJob;
import org.t3jvm.server.store.JobIds;
import org.t3jvm.server.store.JobStore;
import org.t3jvm.server.store.Status;
import org.t3jvm.server.store.StoredJob;

/**
 * All jobs, and the order in which those that wait will run. Every change is on disk before it is
 * seen. Reading takes no lock.
 */
public final class JobQueue {
  private final JobStore store;
  private final String model;
  private final JobIds ids = new JobIds();
  private final ConcurrentSkipListMap<String, Job> jobs = new ConcurrentSkipListMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Job> waiting = new ArrayList<>();
  private volatile Map<String, Integer> places = Map.of();
  private volatile @Nullable String paused;
  private boolean closed;

  private JobQueue(JobStore store, String model) {
    this.store = store;
    this.model = model;
  }

  /**
   * The jobs of a store. The one that ran when the server ended is first, then those that waited in
   * their order.
   *
   * @param model that makes the videos
   * @param notes gets a line for each folder that cannot be read, and for an order that cannot
   * @throws IOException also if a job is unfinished that was given to another model: what its run
   *     has computed would be lost
   */
  public static JobQueue open(JobStore store, String model, Consumer<String> notes)
      throws IOException {
    JobQueue queue = new JobQueue(store, model);
    Map<String, Integer> places = new HashMap<>();
    for (String id : store.order(notes)) {
      places.put(id, places.size());
    }
    List<StoredJob> toDo = new ArrayList<>();
    for (StoredJob stored : store.load(notes)) {
      if (stored.status().ended()) {
        queue.jobs.put(stored.id(), queue.known(stored));
      } else {
        requireOwn(stored, model);
        toDo.add(stored);
      }
    }
    toDo.sort(
        Comparator.comparing((StoredJob stored) -> stored.status() == Status.QUEUED)
            .thenComparing(stored -> places.getOrDefault(stored.id(), Integer.MAX_VALUE)));
    for (StoredJob stored : toDo) {
      Job job = queue.known(stored.queued());
      queue.jobs.put(job.id(), job);
      queue.waiting.add(job);
    }
    queue.places = places(queue.waiting);
    return queue;
  }

  private static boolean isForeign(StoredJob stored, String model) {
    return stored.model() != null && !stored.model().equals(model);
  }

  private static void requireOwn(StoredJob stored, String model) throws IOException {
    if (isForeign(stored, model)) {
      throw new IOException(
          "jobs/%s is unfinished and of model '%s', not '%s'; serve that model, give another --data,"
                  .formatted(stored.id(), stored.model(), model)
              + " or delete the folder");
    }
  }

  /** A job of an earlier server, which may have left a picture. */
  private Job known(StoredJob stored) {
    return new Job(stored, LivePictures.of(store.folder(stored.id()), false) == null ? 0 : 1);
  }

  /** All jobs, oldest first. */
  public Collection<Job> all() {
    return jobs.values();
  }

  /** The job of an id, whatever the text. */
  public Optional<Job> find(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /** Ids of the jobs that wait, next one first. */
  public List<String> order() {
    return List.copyOf(places.keySet());
  }

  /** The place of a job among those that wait, from 0; null if it does not. */
  public @Nullable Integer position(Job job) {
    return places.get(job.id());
  }

  /** Why no job is begun; empty if nothing hinders. */
  public Optional<String> paused() {
    return Optional.ofNullable(paused);
  }

  /** The folder of a job. */
  public Path folder(Job job) {
    return store.folder(job.id());
  }

  /**
   * Adds a job at the end.
   *
   * @param job complete, its files named as in {@code files}
   * @param files that it starts from, which are moved into its folder
   */
  public Job submit(VideoJob job, Map<String, Path> files) throws IOException {
    lock.lock();
    try {
      Job added = new Job(StoredJob.begun(ids.next(System.currentTimeMillis()), model, job), 0);
      store.create(added.stored(), files);
      jobs.put(added.id(), added);
      waiting.add(added);
      publishOrder();
      return added;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a job out of the queue, or stops its run at the end of the block that it computes.
   *
   * @throws JobStateException if it has ended
   */
  public void cancel(Job job) throws IOException, JobStateException {
    lock.lock();
    try {
      requireKnown(job);
      if (job.running != null) {
        job.cancelled = true;
        job.running.cancel();
      } else if (waiting.contains(job)) {
        become(job, job.stored().ended(Status.CANCELLED, null));
        waiting.remove(job);
        publishOrder();
      } else {
        throw new JobStateException("the video is %s already".formatted(job.status()));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a cancelled or failed job at the end of the queue; its run is resumed where it was.
   *
   * @throws JobStateException if it has not ended, is completed, or is of another model
   */
  public void resume(Job job) throws IOException, JobStateException {
    lock.lock();
    try {
      requireKnown(job);
      if (job.status() != Status.CANCELLED && job.status() != Status.FAILED) {
        throw new JobStateException(
            "the video is %s, only a cancelled or failed one can be resumed"
                .formatted(job.status()));
      }
      if (isForeign(job.stored(), model)) {
        throw new JobStateException(
            "the video is of model '%s', this server has '%s'"
                .formatted(job.stored().model(), model));
      }
      List<Job> next = new ArrayList<>(waiting);
      next.add(job);
      store.keepOrder(ids(next));
      become(job, job.stored().queued());
      waiting.add(job);
      publishOrder();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a job that waits another place.
   *
   * @param position from 0, the next one; a larger one than there are is the last
   * @throws JobStateException if it does not wait
   */
  public void move(Job job, int position) throws IOException, JobStateException {
    lock.lock();
    try {
      requireKnown(job);
      List<Job> next = new ArrayList<>(waiting);
      if (!next.remove(job)) {
        throw new JobStateException(
            "the video is %s, only a queued one can be moved".formatted(job.status()));
      }
      next.add(Math.min(position, next.size()), job);
      store.keepOrder(ids(next));
      waiting.clear();
      waiting.addAll(next);
      publishOrder();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes a job and its files; a run that is on ends first, at the end of its block.
   *
   * @throws JobStateException if it is deleted already
   */
  public void delete(Job job) throws IOException, JobStateException {
    lock.lock();
    try {
      requireKnown(job);
      if (job.running != null) {
        store.markDeleted(job.id());
        job.deleted = true;
        job.running.cancel();
      } else {
        store.delete(job.id());
      }
      forget(job);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins the next job; waits for one.
   *
   * @return null if the queue is closed
   * @throws IOException if that cannot be written down
   */
  @Nullable Job begin() throws IOException, InterruptedException {
    lock.lock();
    try {
      dropGone();
      while (!closed && waiting.isEmpty()) {
        changed.await();
        dropGone();
      }
      if (closed) {
        return null;
      }
      Job job = waiting.getFirst();
      become(job, job.stored().started());
      job.running = new CancelToken();
      job.cancelled = false;
      waiting.removeFirst();
      publishOrder();
      return job;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the run of a job as {@code how}, unless somebody has deleted it or cancelled its run. */
  void end(Job job, Status how, @Nullable String error) throws IOException {
    lock.lock();
    try {
      if (job.deleted) {
        store.delete(job.id());
      } else if (how == Status.CANCELLED && !job.cancelled) {
        // The server closes: on disk the job is still in progress, and the next server resumes it.
        return;
      } else {
        become(job, job.stored().ended(how, error));
      }
      job.running = null;
    } finally {
      lock.unlock();
    }
  }

  /** Puts the job whose run could not be ended back to the front, if anybody still wants it. */
  void putBack(Job job) {
    lock.lock();
    try {
      job.running = null;
      if (job.cancelled) {
        job.become(job.stored().ended(Status.CANCELLED, null));
      } else if (!job.deleted) {
        job.become(job.stored().queued());
        waiting.addFirst(job);
        publishOrder();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Removes jobs that have ended but for {@code keep}, those that ended last. */
  void prune(int keep) throws IOException {
    lock.lock();
    try {
      List<Job> ended =
          jobs.values().stream()
              .filter(job -> job.status().ended())
              .sorted(Comparator.comparing(JobQueue::ended))
              .toList();
      for (Job job : ended.subList(0, Math.max(0, ended.size() - keep))) {
        store.delete(job.id());
        forget(job);
      }
    } finally {
      lock.unlock();
    }
  }

  private static Instant ended(Job job) {
    StoredJob.Times times = job.stored().times();
    return times.ended() == null ? times.created() : times.ended();
  }

  /** Says why no job is begun; null if nothing hinders any more. */
  void pause(@Nullable String reason) {
    paused = reason;
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, unless the queue is closed. */
  void sleep(long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Begins no more jobs, and stops the run that is on so that another server can resume it. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (Job job : jobs.values()) {
        if (job.running != null) {
          job.running.cancel();
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireKnown(Job job) throws JobStateException {
    if (jobs.get(job.id()) != job) {
      throw new JobStateException("the video is deleted");
    }
  }

  /** A job without a folder can never be begun, and would hold up all others. */
  private void dropGone() {
    while (!waiting.isEmpty() && store.isGone(waiting.getFirst().id())) {
      forget(waiting.getFirst());
    }
  }

  private void forget(Job job) {
    if (waiting.remove(job)) {
      publishOrder();
    }
    jobs.remove(job.id());
    job.leave();
  }

  private void become(Job job, StoredJob next) throws IOException {
    store.write(next);
    job.become(next);
  }

  private void publishOrder() {
    places = places(waiting);
    changed.signalAll();
  }

  private static List<String> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }

  private static Map<String, Integer> places(List<Job> jobs) {
    Map<String, Integer> places = LinkedHashMap.newLinkedHashMap(jobs.size());
    for (Job job : jobs) {
      places.put(job.id(), places.size());
    }
    return Collections.unmodifiableMap(places);
  }
}
