package org.t3jvm.tensor.cpu.run;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.BackendException;

/**
 * A fixed number of threads, the caller among them, that share out the tasks of one job at a time.
 *
 * <p>Idle workers are parked and never poll. A job does not wait for workers that wake up too late:
 * they find the gate closed and park again.
 */
public final class WorkerPool implements AutoCloseable {
  /** Tasks that may run in any order and at the same time. */
  interface Job {
    /**
     * Runs one task.
     *
     * @param worker which of the pool's threads this is, below {@link WorkerPool#threads()}
     */
    void run(int task, int worker);
  }

  /** Added to the gate's count of workers inside while no worker may enter. */
  private static final int CLOSED = Integer.MIN_VALUE;

  private final Thread[] workers;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicInteger gate = new AtomicInteger(CLOSED);
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicInteger round = new AtomicInteger();
  private volatile boolean stopped;

  /** The job, its number of tasks and its caller: written before the gate opens, read inside. */
  private @Nullable Job job;

  private int tasks;
  private @Nullable Thread caller;

  public WorkerPool(int threads) {
    workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      int worker = i + 1;
      workers[i] = Thread.ofPlatform().daemon().name("t3-cpu-" + worker).start(() -> serve(worker));
    }
  }

  /** Threads that work on a job, the caller included. */
  public int threads() {
    return workers.length + 1;
  }

  /** True if every worker may access the segment. */
  boolean reaches(MemorySegment segment) {
    return workers.length == 0 || segment.isAccessibleBy(workers[0]);
  }

  /**
   * Runs tasks 0 to {@code tasks - 1} of a job and returns when all are done. If a task throws, no
   * further tasks start and what it threw is thrown here.
   */
  void run(int tasks, Job job) {
    if (stopped) {
      throw new BackendException("backend 'cpu' is closed");
    }
    if (tasks <= 1 || workers.length == 0) {
      for (int task = 0; task < tasks; task++) {
        job.run(task, 0);
      }
      return;
    }
    turn.lock();
    try {
      share(tasks, job);
    } finally {
      turn.unlock();
    }
  }

  private void share(int count, Job shared) {
    job = shared;
    tasks = count;
    caller = Thread.currentThread();
    next.set(0);
    gate.set(0);
    // After the gate is open: a worker that sees the new round must be able to enter.
    round.incrementAndGet();
    for (int i = 0; i < Math.min(workers.length, count - 1); i++) {
      LockSupport.unpark(workers[i]);
    }
    drain(shared, count, 0);
    gate.addAndGet(CLOSED);
    boolean interrupted = false;
    while (gate.get() != CLOSED) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    job = null;
    caller = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (failure.getAndSet(null)) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new BackendException("a worker failed: " + e, e);
    }
  }

  private void drain(Job shared, int count, int worker) {
    for (int task = next.getAndIncrement(); task < count; task = next.getAndIncrement()) {
      try {
        shared.run(task, worker);
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
        next.set(count);
      }
    }
  }

  private void serve(int worker) {
    int seen = 0;
    while (!stopped) {
      int current = round.get();
      if (current == seen) {
        LockSupport.park(this);
        Thread.interrupted();
        continue;
      }
      seen = current;
      if (enter()) {
        seen = round.get();
        Thread waiting = caller;
        Job shared = job;
        if (shared != null) {
          drain(shared, tasks, worker);
        }
        if (gate.decrementAndGet() == CLOSED) {
          LockSupport.unpark(waiting);
        }
      }
    }
  }

  private boolean enter() {
    int inside = gate.get();
    while (inside >= 0) {
      if (gate.compareAndSet(inside, inside + 1)) {
        return true;
      }
      inside = gate.get();
    }
    return false;
  }

  /** Lets the workers end; a job in progress is finished first. */
  @Override
  public void close() {
    turn.lock();
    try {
      stopped = true;
    } finally {
      turn.unlock();
    }
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }
}
