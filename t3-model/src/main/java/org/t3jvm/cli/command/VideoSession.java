package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.T3;
import org.t3jvm.cli.error.FieldOptions;
import org.t3jvm.cli.error.KeptException;
import org.t3jvm.cli.error.StoppedException;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.report.ConsoleProgress;
import org.t3jvm.cli.report.JobDescription;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunCancelledException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.UnfinishedRunException;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.fit.Sizes;

/** An open model on the command line: what it does is printed, and signals stop it. */
public final class VideoSession implements AutoCloseable {
  private final T3 t3;
  private final PrintWriter err;
  private final boolean quiet;
  private volatile @Nullable ConsoleProgress progress;

  /**
   * Opens a model.
   *
   * @param quiet whether only errors are printed
   */
  public VideoSession(ModelSource source, RunOptions options, boolean quiet, PrintWriter err)
      throws IOException {
    this.err = err;
    this.quiet = quiet;
    this.t3 = T3.open(source, options, this::note);
  }

  /** The model. */
  public T3 t3() {
    return t3;
  }

  /** Work that reports to {@code events} and ends early if {@code cancel} says so. */
  public interface Work {
    void run(Consumer<RunEvent> events, CancelToken cancel) throws IOException;
  }

  /** Runs work with its progress printed. */
  void run(Consumer<RunEvent> also, CancelToken cancel, Work work) throws IOException {
    try (ConsoleProgress console = quiet ? null : new ConsoleProgress(err)) {
      progress = console;
      work.run(console == null ? also : console.andThen(also), cancel);
    } finally {
      progress = null;
    }
  }

  /**
   * Makes a video whose state is kept, which the first signal stops.
   *
   * @param state folder of the state
   * @throws StoppedException if a signal stopped it
   * @throws KeptException if it failed, and can be resumed
   * @throws UsageException if an unfinished run is in the way
   */
  public void make(Path state, Consumer<RunEvent> also, Work work) throws IOException {
    try (StopSignals signals = StopSignals.install(this::warn, KeptException.command(state))) {
      try {
        run(also, signals.token(), work);
      } catch (KeptRunException e) {
        if (e.getCause() instanceof RunCancelledException cancelled) {
          throw signals.stopped(
              cancelled,
              "stopped at %s; resume with: %s"
                  .formatted(e.progress(), KeptException.command(e.folder())));
        }
        throw new KeptException(e);
      } catch (RunCancelledException e) {
        throw signals.stopped(e, "stopped before the first step was done; nothing is kept");
      } catch (UnfinishedRunException e) {
        throw new UsageException(
            e.getMessage()
                + (e.damaged() ? "" : "; resume it: " + KeptException.command(e.folder()))
                + (e.damaged() ? "; discard it: --restart" : "; or discard it: --restart"));
      }
    }
  }

  /** Prints a job's settings. */
  public void describe(VideoJob complete) {
    note(new JobDescription(complete).line());
  }

  /** Prints what the model does not read of a job's prompts. */
  void warnOfCut(VideoJob job) throws IOException {
    t3.unread(job).all().forEach(line -> warn("t3: " + line));
  }

  /** Prints that a video is there. */
  public void noteWritten(Object what, VideoJob job, Instant started) {
    note(
        "wrote %s: %d frames of %dx%d in %s"
            .formatted(
                what,
                job.size().frames(),
                job.size().width(),
                job.size().height(),
                Sizes.duration(Duration.between(started, Instant.now()))));
  }

  /** Prints something, unless only errors are wanted. */
  void note(String line) {
    if (!quiet) {
      warn(FieldOptions.spell(line));
    }
  }

  /** Prints a failure, whatever is wanted. */
  void warn(String line) {
    ConsoleProgress drawing = progress;
    if (drawing != null) {
      drawing.println(line);
    } else {
      err.println(line);
    }
  }

  @Override
  public void close() throws IOException {
    t3.close();
  }
}
