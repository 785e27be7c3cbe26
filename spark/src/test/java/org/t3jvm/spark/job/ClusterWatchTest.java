package org.t3jvm.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;

class ClusterWatchTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final TaskEndReason LOST =
      new ExecutorLostFailure("0", true, Option.apply("it is gone"));

  private final ClusterWatch watch = new ClusterWatch("done");
  private long id;

  private void end(int stage, int partition, TaskEndReason reason) {
    TaskInfo task =
        new TaskInfo(id++, partition, 0, partition, 0, "0", "node7", TaskLocality.ANY(), false);
    watch.onTaskEnd(new SparkListenerTaskEnd(stage, 0, "ResultTask", reason, task, null, null));
  }

  @Test
  void theLastLossIsWaitedFor() throws Exception {
    end(0, 1, LOST);
    end(0, 2, LOST);
    CompletableFuture<ClusterWatch.Loss> found =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return watch.lost(2, LONG).orElseThrow();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    end(0, 2, LOST);
    ClusterWatch.Loss loss = found.get();
    assertThat(loss.partition()).isEqualTo(2);
    assertThat(loss.times()).isEqualTo(2);
    assertThat(loss.reason()).contains("it is gone");
  }

  @Test
  void stagesBeforeDoNotCount() throws Exception {
    end(0, 1, LOST);
    end(1, 0, LOST);
    end(0, 1, LOST);
    end(1, 1, LOST);
    assertThat(watch.lost(2, Duration.ZERO)).isEmpty();
  }
}
