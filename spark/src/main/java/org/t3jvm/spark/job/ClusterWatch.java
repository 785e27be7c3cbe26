package org.t3jvm.spark.job;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple4;
import scala.jdk.javaapi.CollectionConverters;

/** What the driver hears of its tasks: how far those are that run, and why others were lost. */
final class ClusterWatch extends SparkListener {
  private final String permille;

  /** Thousandths of a video that are done, by the task that runs. */
  private final Map<Long, Long> running = new HashMap<>();

  /** Times that a partition's task of the newest stage failed, and why the last time. */
  private final Map<Integer, Loss> losses = new HashMap<>();

  private int stage = -1;

  /** Failures of one partition. */
  record Loss(int partition, int times, String reason) {}

  /**
   * @param permille name of the accumulator in which tasks count what they have done
   */
  ClusterWatch(String permille) {
    this.permille = permille;
  }

  @Override
  public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Tuple4<Object, Object, Object, ?> task :
        CollectionConverters.asJava(update.accumUpdates())) {
      for (Object each : CollectionConverters.asJava((scala.collection.Iterable<?>) task._4())) {
        AccumulableInfo info = (AccumulableInfo) each;
        if (info.name().isDefined()
            && info.name().get().equals(permille)
            && info.update().isDefined()
            && info.update().get() instanceof Long done) {
          running.put((Long) task._1(), done);
        }
      }
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().taskId());
    if (end.stageId() < stage) {
      return;
    }
    if (end.stageId() > stage) {
      stage = end.stageId();
      losses.clear();
    }
    if (end.reason() instanceof TaskFailedReason failed) {
      int partition = end.taskInfo().index();
      int times = losses.containsKey(partition) ? losses.get(partition).times() : 0;
      losses.put(
          partition,
          new Loss(
              partition,
              failed.countTowardsTaskFailures() ? times + 1 : times,
              failed.toErrorString().lines().findFirst().orElse("")));
      notifyAll();
    }
  }

  /** Videos that running tasks have done, in parts. */
  synchronized double running() {
    return running.values().stream().mapToLong(Long::longValue).sum() / 1000.0;
  }

  /**
   * The task of the newest stage that failed at least so often. Spark's events may come after the
   * failure that they explain, which is why they are waited for.
   *
   * @return empty if none came in time
   */
  synchronized Optional<Loss> lost(int times, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<Loss> most =
          losses.values().stream().filter(loss -> loss.times() >= times).findFirst();
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (most.isPresent() || left <= 0) {
        losses.clear();
        running.clear();
        return most;
      }
      wait(left);
    }
  }
}
