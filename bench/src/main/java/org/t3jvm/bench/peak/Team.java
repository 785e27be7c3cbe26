package org.t3jvm.bench.peak;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** A fixed number of threads that each do one part of what is measured as the machine's peak. */
public final class Team implements AutoCloseable {
  private final int threads;
  private final ExecutorService executor;

  public Team(int threads) {
    this.threads = threads;
    this.executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("t3-bench-", 1).factory());
  }

  /** Number of threads. */
  public int threads() {
    return threads;
  }

  /** Runs parts 0 to threads-1 at the same time and waits for all of them. */
  public void run(IntConsumer part) {
    List<Callable<Void>> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int index = i;
      parts.add(
          () -> {
            part.accept(index);
            return null;
          });
    }
    try {
      for (Future<Void> done : executor.invokeAll(parts)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a part of what is measured failed", e.getCause());
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
