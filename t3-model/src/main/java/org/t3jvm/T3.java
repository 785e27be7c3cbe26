package org.t3jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.Output;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.fit.JobCost;
import org.t3jvm.model.fit.JobForecast;
import org.t3jvm.model.job.ResolvedJob;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.session.KeptVideo;
import org.t3jvm.model.session.MemoryVideo;
import org.t3jvm.model.session.Session;
import org.t3jvm.model.video.VideoTags;

/**
 * A model that makes videos. It stays open from job to job; any thread may call it, and calls that
 * compute are served one at a time, in the order that they come in.
 *
 * <pre>{@code
 * try (T3 t3 = T3.open(Path.of("Wan2.1-T2V-1.3B"))) {
 *   VideoJob job = VideoJob.of("a red ball rolls over green grass").size(480, 832).build();
 *   t3.generate(job, event -> {}, new CancelToken()).writeTo(Path.of("ball.mp4"));
 * }
 * }</pre>
 *
 * <p>Calls throw {@link org.t3jvm.job.JobException} if a job cannot be, naming the field; {@link
 * RunFailedException} if a run fails; {@link org.t3jvm.event.RunCancelledException} if it was
 * cancelled; and {@link org.t3jvm.tensor.backend.BackendException} if the backend cannot start.
 */
public final class T3 implements AutoCloseable {
  private final Session session;
  private final ReentrantLock turn = new ReentrantLock(true);
  private boolean closed;

  private T3(Session session) {
    this.session = session;
  }

  /** The model in a folder of a Wan download, or of diffusers. */
  public static T3 open(Path folder) throws IOException {
    return open(ModelSource.of(folder));
  }

  /** The model whose parts lie as {@code source} says. */
  public static T3 open(ModelSource source) throws IOException {
    return open(source, RunOptions.DEFAULT, note -> {});
  }

  /** The tiny untrained model that comes with the library. */
  public static T3 embedded() throws IOException {
    return open(ModelSource.EMBEDDED);
  }

  /**
   * A model, and how the machine is used for it.
   *
   * @param notes gets lines for people about what is opened, changed, resumed and closed
   * @throws IOException if a part of the model is missing
   */
  public static T3 open(ModelSource source, RunOptions options, Consumer<String> notes)
      throws IOException {
    return new T3(Session.open(source, options, notes));
  }

  private interface Call<R> {
    R run() throws IOException;
  }

  private <R> R inTurn(Call<R> call) throws IOException {
    turn.lock();
    try {
      if (closed) {
        throw new IllegalStateException("this T3 is closed");
      }
      return call.run();
    } finally {
      turn.unlock();
    }
  }

  /**
   * A job with every choice filled in that it leaves to the model or the backend.
   *
   * @throws IOException if a file of the model or of the job cannot be read
   */
  public VideoJob complete(VideoJob job) throws IOException {
    return inTurn(() -> session.resolve(job).job());
  }

  /**
   * What the model does not read of a job's prompts.
   *
   * @throws IOException as {@link #complete} does
   */
  public Unread unread(VideoJob job) throws IOException {
    return inTurn(
        () -> {
          ResolvedJob resolved = session.resolve(job);
          String negative = resolved.request().negative();
          return new Unread(
              session.unread(resolved, "prompt", job.text().prompt()),
              resolved.request().guided()
                  ? session.unread(resolved, "negative prompt", negative)
                  : Optional.empty());
        });
  }

  /**
   * True if a video says that it was made of {@code job}, by this model and this version.
   *
   * @param video a video file, or a folder of PNG frames
   * @throws IOException if it cannot be read
   */
  public boolean made(Path video, VideoJob job) throws IOException {
    Optional<VideoRecord> found = VideoRecord.parse(VideoTags.read(video).get(VideoRecord.COMMENT));
    return inTurn(
        () -> found.isPresent() && found.get().madeLike(session.record(session.resolve(job))));
  }

  /**
   * What a job takes: operations, memory, disk, time. Weights are not read. The first call on a
   * backend measures it for a few seconds.
   *
   * @throws IOException as {@link #complete} does
   */
  public JobPlan plan(VideoJob job) throws IOException {
    return inTurn(() -> planned(session.resolve(job)));
  }

  private JobPlan planned(ResolvedJob job) throws IOException {
    JobForecast forecast =
        JobForecast.of(
            session.types(job),
            job.request(),
            session.backend(job),
            session.budget(job),
            session.rates(job));
    JobCost cost = forecast.cost();
    return new JobPlan(
        job.job(),
        cost.grid().tokens(),
        cost.total().total(),
        forecast.memory(),
        cost.disk().total(),
        forecast.time(),
        forecast.shortage(),
        forecast.text());
  }

  private RunProgress progress(Consumer<RunEvent> events, CancelToken cancel) {
    return new RunProgress(session.profiling().watch(events), cancel);
  }

  /**
   * Makes a video in memory.
   *
   * @param events gets what happens, on this thread
   * @param cancel stops the run from any thread
   * @throws IOException if what the video starts from cannot be read
   */
  public Video generate(VideoJob job, Consumer<RunEvent> events, CancelToken cancel)
      throws IOException {
    return inTurn(
        () -> {
          ResolvedJob resolved = session.resolve(job);
          MemoryVideo made = MemoryVideo.make(session, resolved, progress(events, cancel));
          return new Video(resolved.job(), made.pictures(), resolved.fps(), made.tags());
        });
  }

  /**
   * Makes a video in a file. While it is made, its state lies beside it: after a crash, a kill or a
   * cancelled run, {@link #resume} gives the video of an unbroken run, bit for bit.
   *
   * @throws org.t3jvm.event.KeptRunException if the run ends early and can be resumed
   * @throws org.t3jvm.event.UnfinishedRunException if an unfinished run is in the way
   * @throws IOException if something cannot be read or written
   */
  public void generate(VideoJob job, Output output, Consumer<RunEvent> events, CancelToken cancel)
      throws IOException {
    inTurn(
        () -> {
          ResolvedJob resolved = session.resolve(job);
          new KeptVideo(session, resolved, output).make(progress(events, cancel));
          session.report(resolved);
          return output;
        });
  }

  /**
   * Resumes an unfinished run of this model; its video goes where the run was to put it.
   *
   * @param folder of the state, such as {@code ball.mp4.t3state}, or the output beside it
   * @throws IOException as {@link #generate(VideoJob, Output, Consumer, CancelToken)} does, and if
   *     the state is damaged, of another model, another video or another version
   */
  public void resume(Path folder, Consumer<RunEvent> events, CancelToken cancel)
      throws IOException {
    SavedVideo saved = SavedVideo.read(folder);
    resume(saved, saved.job(), saved.output(), events, cancel);
  }

  /**
   * Resumes an unfinished run as {@code job}, which must make the same video.
   *
   * @param output where the video goes
   */
  public void resume(
      SavedVideo saved, VideoJob job, Output output, Consumer<RunEvent> events, CancelToken cancel)
      throws IOException {
    inTurn(
        () -> {
          ResolvedJob resolved = session.resolve(job);
          new KeptVideo(session, resolved, output).resume(saved.folder(), progress(events, cancel));
          session.report(resolved);
          return output;
        });
  }

  /**
   * Decodes the latents of a finished run again, as {@code job} has it; the state stays.
   *
   * @param output where the video goes
   */
  public void decode(
      SavedVideo saved, VideoJob job, Output output, Consumer<RunEvent> events, CancelToken cancel)
      throws IOException {
    inTurn(
        () -> {
          ResolvedJob resolved = session.resolve(job);
          new KeptVideo(session, resolved, output)
              .decodeAgain(saved.folder(), progress(events, cancel));
          session.report(resolved);
          return output;
        });
  }

  /**
   * The latents after the first steps of a job; nothing is decoded.
   *
   * @param steps to do; 0 for all
   * @throws IOException if what the video starts from cannot be read
   */
  public Latents denoise(VideoJob job, int steps, Consumer<RunEvent> events, CancelToken cancel)
      throws IOException {
    return inTurn(
        () -> {
          ResolvedJob resolved = session.resolve(job);
          int all = resolved.request().allSteps();
          TextToVideo.Denoised made =
              session
                  .pipeline(resolved)
                  .denoise(resolved.request(), steps == 0 ? all : steps, progress(events, cancel));
          return new Latents(made.latents(), made.reused());
        });
  }

  /** Waits for the job that runs, then gives back all memory and files. */
  @Override
  public void close() throws IOException {
    turn.lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } finally {
      turn.unlock();
    }
  }
}
