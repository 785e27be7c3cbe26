package org.t3jvm.tensor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** Independent tasks on as many threads as are asked for, outside of any backend. */
public final class Tasks {
  /** Keeps idle threads for a while, since many small sets of tasks follow each other. */
  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("tasks-", 0).factory());

  private Tasks() {}

  /**
   * Runs tasks 0 to {@code tasks - 1}, each once, in no certain order, and waits for all of them.
   *
   * @param threads at most this many; one is the caller's own
   * @throws RuntimeException what a task threw; tasks that have not begun are not run then
   */
  public static void run(int threads, int tasks, IntConsumer task) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable worker =
        () -> {
          try {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
              task.accept(i);
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            next.set(tasks);
          }
        };
    CompletableFuture<?>[] others = new CompletableFuture<?>[Math.min(threads, tasks)];
    for (int i = 1; i < others.length; i++) {
      others[i] = CompletableFuture.runAsync(worker, POOL);
    }
    worker.run();
    for (int i = 1; i < others.length; i++) {
      others[i].join();
    }
    switch (failure.get()) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }
}
