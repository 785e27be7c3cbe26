package org.t3jvm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks run once each, on no more threads than were asked for. */
class TasksTest {
  @ParameterizedTest
  @CsvSource({"1, 100", "1, 0", "2, 1", "3, 100", "8, 5"})
  void eachTaskRunsOnceOnThreadsThatWereAskedFor(int threads, int tasks) {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, tasks));
    Tasks.run(
        threads,
        tasks,
        task -> {
          seen.add(Thread.currentThread());
          runs.incrementAndGet(task);
        });
    for (int task = 0; task < tasks; task++) {
      assertThat(runs.get(task)).as("runs of task %d", task).isEqualTo(1);
    }
    assertThat(seen).hasSizeLessThanOrEqualTo(threads);
    if (threads == 1 && tasks > 0) {
      assertThat(seen).containsExactly(Thread.currentThread());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatATaskThrowsIsThrown(int threads) {
    assertThatThrownBy(
            () ->
                Tasks.run(
                    threads,
                    50,
                    task -> {
                      throw new IllegalStateException("this task fails");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this task fails");
  }
}
