package org.t3jvm.spark.task;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.t3jvm.event.CancelToken;

/**
 * Work on a thread of its own. Spark interrupts the thread of a task that it kills, and an
 * interrupted thread closes the files that it reads, which a warm model needs again.
 */
final class Interruptible {
  private Interruptible() {}

  /**
   * Does work; an interrupt of the calling thread cancels it, and is answered when it has ended.
   *
   * @throws CancellationException if it was interrupted
   */
  static <T> T call(Callable<T> work, CancelToken cancel) throws IOException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().name("t3-video").daemon().start(task);
    boolean interrupted = false;
    while (true) {
      try {
        T result = task.get();
        if (interrupted) {
          throw new CancellationException();
        }
        return result;
      } catch (InterruptedException e) {
        interrupted = true;
        cancel.cancel();
      } catch (ExecutionException e) {
        if (interrupted) {
          throw new CancellationException();
        }
        switch (e.getCause()) {
          case IOException io -> throw io;
          case RuntimeException unchecked -> throw unchecked;
          case Error error -> throw error;
          case null, default -> throw new IllegalStateException(e);
        }
      }
    }
  }
}
