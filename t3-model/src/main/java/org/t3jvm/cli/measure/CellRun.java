package org.t3jvm.cli.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.t3jvm.JobPlan;
import org.t3jvm.cli.command.VideoSession;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.model.measure.report.RunCost;
import org.t3jvm.model.state.SavedRun;
import org.t3jvm.model.video.PngSequenceWriter;

/** Makes the videos of a comparison that are not there yet, and keeps what each took beside it. */
final class CellRun {
  private final VideoSession session;

  CellRun(VideoSession session) {
    this.session = session;
  }

  /**
   * Makes a video, or resumes it where an earlier run of the same job was stopped.
   *
   * @param video folder of its PNG frames
   * @param job with every choice filled in
   * @throws UsageException if another video is there
   */
  RunCost make(Path video, VideoJob job) throws IOException {
    Path kept = video.resolveSibling(video.getFileName() + ".cost.json");
    JobPlan plan = session.t3().plan(job);
    RunCost planned = new RunCost(null, plan.operations(), plan.memory());
    if (Files.isDirectory(video) && PngSequenceWriter.hasFrames(video)) {
      if (!session.t3().made(video, job)) {
        throw new UsageException(
            "'%s' holds a video of another job or model; give another --out".formatted(video));
      }
      return Files.exists(kept)
          ? planned.within(RecordJson.read(Files.readString(kept), Took.class).seconds())
          : planned;
    }
    Files.deleteIfExists(kept);
    Path state = SavedRun.folderOf(video);
    boolean resumed = Files.exists(state);
    Instant started = Instant.now();
    session.describe(job);
    session.make(
        state,
        event -> {},
        (events, cancel) ->
            session
                .t3()
                .generate(
                    job, new Output(video, true, false, Output.Unfinished.RESUME), events, cancel));
    session.noteWritten(video, job, started);
    if (resumed) {
      return planned;
    }
    Took took = new Took(Duration.between(started, Instant.now()).toMillis() / 1e3);
    Files.writeString(kept, RecordJson.mapper().writeValueAsString(took) + "\n");
    return planned.within(took.seconds());
  }

  /** What is kept of a run that was not broken. */
  record Took(@Nullable Double seconds) {}
}
