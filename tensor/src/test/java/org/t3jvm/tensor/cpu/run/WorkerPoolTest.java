package org.t3jvm.tensor.cpu.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.t3jvm.tensor.backend.BackendException;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WorkerPoolTest {
  @Test
  void runsEveryTaskOfEveryJobOnce() {
    long seed = 11;
    Random random = new Random(seed);
    for (int threads : new int[] {1, 2, 3, 8}) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        for (int job = 0; job < 3000; job++) {
          int tasks = random.nextInt(40);
          AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
          pool.run(tasks, (task, worker) -> runs.incrementAndGet(task));
          for (int task = 0; task < tasks; task++) {
            assertThat(runs.get(task))
                .as("task %d of job %d, %d threads, seed %d", task, job, threads, seed)
                .isEqualTo(1);
          }
        }
      }
    }
  }

  /** Plain writes of one job are plain reads of the next, on whatever thread. */
  @Test
  void aJobSeesWhatTheOneBeforeWrote() {
    try (WorkerPool pool = new WorkerPool(4)) {
      int[] from = new int[64];
      int[] to = new int[64];
      for (int job = 0; job < 5000; job++) {
        int[] source = from;
        int[] target = to;
        pool.run(64, (task, worker) -> target[task] = source[63 - task] + 1);
        from = target;
        to = source;
      }
      assertThat(from).containsOnly(5000);
    }
  }

  @Test
  void workersHaveNumbersAndNamesOfTheirOwn() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3)) {
      CountDownLatch all = new CountDownLatch(3);
      Set<String> seen = ConcurrentHashMap.newKeySet();
      String caller = Thread.currentThread().getName();
      pool.run(
          3,
          (task, worker) -> {
            seen.add(worker + " " + Thread.currentThread().getName());
            assertThat(Thread.currentThread().isDaemon() || worker == 0).isTrue();
            all.countDown();
            awaitQuietly(all);
          });
      assertThat(seen).containsExactlyInAnyOrder("0 " + caller, "1 t3-cpu-1", "2 t3-cpu-2");
    }
  }

  @Test
  void oneTaskRunsOnTheCaller() {
    try (WorkerPool pool = new WorkerPool(2)) {
      Thread[] ran = new Thread[1];
      pool.run(1, (task, worker) -> ran[0] = Thread.currentThread());
      assertThat(ran[0]).isSameAs(Thread.currentThread());
    }
  }

  @Test
  void whatATaskThrowsReachesTheCallerAndThePoolGoesOn() {
    for (int threads : new int[] {1, 4}) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        for (int round = 0; round < 200; round++) {
          assertThatThrownBy(
                  () ->
                      pool.run(
                          50,
                          (task, worker) -> {
                            if (task == 17) {
                              throw new BackendException("task 17");
                            }
                          }))
              .isInstanceOf(BackendException.class)
              .hasMessage("task 17");
          assertThatThrownBy(
                  () ->
                      pool.run(
                          2,
                          (task, worker) -> {
                            throw new StackOverflowError("deep");
                          }))
              .isInstanceOf(StackOverflowError.class);
        }
        int[] sums = new int[50];
        pool.run(50, (task, worker) -> sums[task] = task);
        assertThat(Arrays.stream(sums).sum()).isEqualTo(49 * 50 / 2);
      }
    }
  }

  @Test
  void anInterruptedCallerFinishesItsJobAndStaysInterrupted() {
    try (WorkerPool pool = new WorkerPool(4)) {
      int[] done = new int[200];
      Thread.currentThread().interrupt();
      pool.run(
          200,
          (task, worker) -> {
            Thread.onSpinWait();
            done[task] = 1;
          });
      assertThat(Thread.interrupted()).isTrue();
      assertThat(done).containsOnly(1);
    }
  }

  @Test
  void callersTakeTurns() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3)) {
      Thread[] callers = new Thread[4];
      int[][] sums = new int[callers.length][100];
      for (int i = 0; i < callers.length; i++) {
        int caller = i;
        callers[i] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int job = 0; job < 300; job++) {
                        pool.run(100, (task, worker) -> sums[caller][task]++);
                      }
                    });
      }
      for (Thread caller : callers) {
        caller.join();
      }
      for (int[] sum : sums) {
        assertThat(sum).containsOnly(300);
      }
    }
  }

  @Test
  void aClosedPoolTakesNoJobsAndItsThreadsEnd() throws InterruptedException {
    WorkerPool pool = new WorkerPool(3);
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    pool.run(
        3,
        (task, worker) -> {
          workers.add(Thread.currentThread());
          all.countDown();
          awaitQuietly(all);
        });
    pool.close();
    workers.remove(Thread.currentThread());
    assertThat(workers).hasSize(2);
    for (Thread worker : workers) {
      worker.join();
    }
    assertThatThrownBy(() -> pool.run(1, (task, worker) -> {}))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("closed");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
