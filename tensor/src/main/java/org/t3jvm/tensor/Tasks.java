package org.t3jvm.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Independent tasks on as many threads as are asked for, outside of any backend. */
public final class Tasks {
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
    Runnable worker =
        () -> {
          try {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
              task.accept(i);
            }
          } catch (RuntimeException | Error e) {
            next.set(tasks);
            throw e;
          }
        };
    int others = Math.min(threads, tasks) - 1;
    if (others <= 0) {
      worker.run();
      return;
    }
    List<CompletableFuture<Void>> started = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(others)) {
      for (int i = 0; i < others; i++) {
        started.add(CompletableFuture.runAsync(worker, pool));
      }
      worker.run();
      started.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
