package org.t3jvm.spark.job;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.t3jvm.spark.task.RenderTask;
import org.t3jvm.spark.task.Settings;
import org.t3jvm.spark.task.VideoRow;
import org.t3jvm.spark.task.VideoTask;
import org.t3jvm.spark.task.WarmModels;
import scala.reflect.ClassTag$;

/** Tasks on the cluster, one prompt a partition; a task that Spark gives up fails its row alone. */
final class ClusterRun implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ClusterRun.class.getName());
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[[^,\\]]*(?:,\\s*(\\d+))?\\])?");
  private static final String DONE = "thousandths of videos";
  private static final Duration LATEST_EVENT = Duration.ofSeconds(10);
  private static final long WRITE_SECONDS = 10;
  private static final long REPORT_EVERY = 6;

  private final SparkContext spark;
  private final Settings settings;
  private final Manifest manifest;
  private final Consumer<String> lines;
  private final LongAccumulator permille;
  private final ClusterWatch watch = new ClusterWatch(DONE);
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("t3-manifest").daemon().factory());
  private DriverProgress progress;
  private int written;
  private long ticks;

  ClusterRun(SparkContext spark, Settings settings, Manifest manifest, Consumer<String> lines) {
    this.spark = spark;
    this.settings = settings;
    this.manifest = manifest;
    this.lines = lines;
    this.permille = spark.longAccumulator(DONE);
    this.progress = new DriverProgress(0, watch, lines);
    spark.addSparkListener(watch);
  }

  /** How many times Spark tries a task before it gives it up. */
  static int attempts(SparkContext spark) {
    Matcher local = LOCAL.matcher(spark.master());
    if (local.matches()) {
      return local.group(1) == null ? 1 : Integer.parseInt(local.group(1));
    }
    return spark.conf().getInt("spark.task.maxFailures", 4);
  }

  /** Begins to report on so many prompts. */
  void begin(int prompts) {
    progress = new DriverProgress(prompts, watch, lines);
    ScheduledFuture<?> _ =
        clock.scheduleWithFixedDelay(this::tick, WRITE_SECONDS, WRITE_SECONDS, TimeUnit.SECONDS);
  }

  private void tick() {
    try {
      writeNew();
      if (++ticks % REPORT_EVERY == 0) {
        progress.report();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "the manifest cannot be written now: {0}", e.getMessage());
    }
  }

  private void writeNew() throws IOException {
    int rows = manifest.rows().size();
    if (rows != written) {
      manifest.writeLines();
      written = rows;
    }
  }

  /** A prompt is done with. */
  void ended(VideoRow row) {
    manifest.add(row);
    progress.ended(row);
  }

  /**
   * Makes videos.
   *
   * @throws IOException if Spark gives up for another reason than a task's failures
   */
  void make(List<VideoTask> tasks) throws IOException {
    List<VideoTask> left = new ArrayList<>(tasks);
    while (!left.isEmpty()) {
      try {
        submit(left);
        return;
      } catch (Exception e) {
        // Scala declares no exceptions, and throws checked ones.
        if (!(e instanceof SparkException) || spark.isStopped()) {
          throw e;
        }
        ClusterWatch.Loss loss = lost();
        if (loss == null) {
          throw new IOException(String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
        VideoTask lost = left.get(loss.partition());
        ended(
            VideoRow.failed(
                lost.index(),
                lost.prompt().text(),
                "its executors were lost %d times: %s".formatted(loss.times(), loss.reason())));
        left = unfinished(left);
      }
    }
  }

  private ClusterWatch.@Nullable Loss lost() throws IOException {
    try {
      return watch.lost(settings.attempts(), LATEST_EVENT).orElse(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a task was lost");
    }
  }

  private List<VideoTask> unfinished(List<VideoTask> tasks) {
    List<Integer> ended = manifest.rows().stream().map(VideoRow::index).toList();
    return new ArrayList<>(tasks.stream().filter(task -> !ended.contains(task.index())).toList());
  }

  private void submit(List<VideoTask> tasks) {
    RenderTask task =
        new RenderTask(
            settings, new SerializableConfiguration(spark.hadoopConfiguration()), permille);
    spark.runJob(
        JavaSparkContext.fromSparkContext(spark).parallelize(tasks, tasks.size()).rdd(),
        task,
        new ResultHandler(this::ended),
        ClassTag$.MODULE$.apply(VideoRow.class));
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    spark.removeSparkListener(watch);
    if (LOCAL.matcher(spark.master()).matches()) {
      WarmModels.close();
    }
  }
}
