package org.t3jvm.server.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last events of a job. Listeners read it each at their own pace and hold nothing of it, so
 * that one that stops reading costs no memory: it misses events.
 */
public final class EventLog {
  private static final int KEPT = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private long next;

  /**
   * An empty log.
   *
   * @param millis of the clock, which ids begin at
   */
  EventLog(long millis) {
    this.next = millis << 20;
  }

  /** Adds an event; the oldest one is dropped if there are too many. */
  void add(String type, String data) {
    lock.lock();
    try {
      events.addLast(new Event(next++, type, data));
      if (events.size() > KEPT) {
        events.removeFirst();
      }
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets all events but the last, when no more are expected. */
  void trim() {
    lock.lock();
    try {
      while (events.size() > 1) {
        events.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The id of the last event; that of none if there is none yet. */
  public long last() {
    lock.lock();
    try {
      return next - 1;
    } finally {
      lock.unlock();
    }
  }

  /** True if all events after that of {@code id} are still here. */
  public boolean has(long id) {
    lock.lock();
    try {
      long oldest = events.isEmpty() ? next : events.getFirst().id();
      return id >= oldest - 1 && id < next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The events after that of {@code id} that are still here; waits for one if there is none.
   *
   * @return none if none came in time
   */
  public List<Event> after(long id, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (next - 1 <= id && left > 0) {
        left = more.awaitNanos(left);
      }
      return events.stream().filter(event -> event.id() > id).toList();
    } finally {
      lock.unlock();
    }
  }
}
