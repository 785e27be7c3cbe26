package org.t3jvm.spark.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.SavedVideo;
import org.t3jvm.T3;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunCancelledException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.event.RunInUseException;
import org.t3jvm.job.JobException;
import org.t3jvm.job.Output;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.batch.Prompt;
import org.t3jvm.spark.files.NodeCache;
import org.t3jvm.spark.files.VideoFolder;

/** One attempt of a task at one video. */
final class VideoAttempt {
  private static final long POLL_MILLIS = 500;

  private final Settings settings;
  private final TaskContext context;
  private final LongAccumulator permille;
  private final NodeCache cache;
  private final VideoFraction fraction = new VideoFraction();
  private final CancelToken cancel = new CancelToken();
  private final long started = System.nanoTime();
  private long reported;

  private @Nullable VideoJob job;
  private @Nullable String output;
  private @Nullable RunOptions options;

  VideoAttempt(
      Settings settings, Configuration hadoop, TaskContext context, LongAccumulator permille) {
    this.settings = settings;
    this.context = context;
    this.permille = permille;
    this.cache = new NodeCache(Path.of(settings.cache()), hadoop);
  }

  /**
   * Makes a video. What fails for a reason of the prompt's own is a row of the manifest; what may
   * go well elsewhere is thrown, so that Spark tries again, until this is the last attempt.
   */
  VideoRow render(VideoTask task) {
    try {
      return Interruptible.call(() -> attempt(task), cancel);
    } catch (JobException | RunFailedException e) {
      return failed(task, e);
    } catch (CancellationException | RunCancelledException e) {
      throw killed();
    } catch (KeptRunException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RunCancelledException) {
        throw killed();
      }
      return cause instanceof RunFailedException ? failed(task, cause) : again(task, e);
    } catch (IOException | RuntimeException e) {
      return again(task, e);
    }
  }

  private VideoRow attempt(VideoTask task) throws IOException {
    RunOptions machine =
        ExecutorMachine.options(settings.machine(), context, SparkEnv.get().conf());
    options = machine;
    T3 t3 = WarmModels.get(settings.model(), machine, cache);
    VideoJob complete = t3.complete(task.prompt().job(base(), this::image));
    job = complete;
    String name = Prompt.video(complete, task.index());
    VideoFolder videos = VideoFolder.open(settings.out(), work(), cache.conf());
    output = videos.uri(name);
    String cut = t3.unread(complete).prompt().orElse(null);
    return make(t3, complete, videos, name)
        ? row(task, VideoRow.Status.MADE, seconds(), cut, null)
        : row(task, VideoRow.Status.SKIPPED, null, cut, null);
  }

  private VideoJob base() throws IOException {
    return VideoJob.fromJson(settings.job());
  }

  private Path image(String uri) {
    try {
      return cache.local(uri);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path work() {
    String scratch = settings.scratch();
    return scratch != null
        ? Path.of(scratch)
        : cache.folder().resolve("work").resolve(Integer.toHexString(settings.out().hashCode()));
  }

  /** Makes the video, unless it is there; false if it was. */
  private boolean make(T3 t3, VideoJob complete, VideoFolder videos, String name)
      throws IOException {
    while (!videos.has(name)) {
      try {
        Path place = videos.place(name);
        if (Files.exists(place) && t3.made(place, complete)) {
          // An attempt was killed after its video was whole, and before it was brought away.
          tidy(place, complete);
        } else {
          Output target = new Output(place, false, false, Output.Unfinished.RESUME);
          t3.generate(complete, target, this::report, cancel);
        }
        videos.publish(name, "%d-%d".formatted(context.stageId(), context.taskAttemptId()));
        return true;
      } catch (RunInUseException e) {
        // Another attempt of this task runs: a speculative one, or one whose executor was given up.
        pause();
      }
    }
    if (!videos.look(name, video -> t3.made(video, complete))) {
      throw new JobException(
          "'%s' is there already, of another job or model; delete it or give another --out"
              .formatted(videos.uri(name)));
    }
    tidy(videos.place(name), complete);
    return false;
  }

  /** Removes the state of an attempt that ended between its video and the removal. */
  private void tidy(Path place, VideoJob complete) throws IOException {
    while (true) {
      try {
        SavedVideo.removeLeftover(place, complete);
        return;
      } catch (RunInUseException e) {
        // It runs still: it removes its state, or is killed before.
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (cancel.isCancelled() || context.isInterrupted()) {
      throw new CancellationException();
    }
  }

  private void report(RunEvent event) {
    if (context.isInterrupted()) {
      cancel.cancel();
    }
    long now = (long) (1000 * fraction.after(event));
    if (now > reported) {
      permille.add(now - reported);
      reported = now;
    }
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  private TaskKilledException killed() {
    return new TaskKilledException(
        context.getKillReason().isDefined() ? context.getKillReason().get() : "cancelled");
  }

  private VideoRow again(VideoTask task, Exception e) {
    if (context.attemptNumber() + 1 >= settings.attempts()) {
      return failed(task, e);
    }
    throw e instanceof RuntimeException unchecked
        ? unchecked
        : new UncheckedIOException((IOException) e);
  }

  private VideoRow failed(VideoTask task, Throwable e) {
    Throwable said = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
    String message = said.getMessage() == null ? said.toString() : said.getMessage();
    return row(
        task,
        VideoRow.Status.FAILED,
        seconds(),
        null,
        message.strip().replaceAll("\\s*\\R\\s*", "; "));
  }

  private VideoRow row(
      VideoTask task,
      VideoRow.Status status,
      @Nullable Double seconds,
      @Nullable String cut,
      @Nullable String error) {
    return new VideoRow(
        task.index(),
        task.prompt().text(),
        job == null ? null : job.toJson(),
        output,
        status,
        seconds,
        SparkEnv.get().blockManager().blockManagerId().host(),
        SparkEnv.get().executorId(),
        context.attemptNumber() + 1,
        options == null ? null : options.device(),
        WarmModels.opened(),
        fraction.resumed(),
        cut,
        error);
  }
}
