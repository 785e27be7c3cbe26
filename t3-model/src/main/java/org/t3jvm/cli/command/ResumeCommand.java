package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.SavedVideo;
import org.t3jvm.cli.option.ComputeOptions;
import org.t3jvm.cli.option.ForceOption;
import org.t3jvm.cli.option.ModelOptions;
import org.t3jvm.cli.option.PreviewOptions;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 resume}: resumes a run that ended before its video was there. */
@Command(
    name = "resume",
    description = {
      "Resumes a video from the state that an unfinished run has left beside it.",
      "The video is the one that an unbroken run gives, bit for bit; with another --backend its"
          + " values are rounded differently from there on."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ResumeCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      paramLabel = "OUTPUT[.t3state]",
      description = "The state folder, such as video.mp4.t3state, or the output that it is of.")
  private Path folder = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE.mp4|DIR/",
      description = "Where the video goes (default: where the run was to put it).")
  private @Nullable String out;

  @Mixin private final ForceOption force = new ForceOption();

  @Mixin private final ModelOptions moved = new ModelOptions();
  @Mixin private final ComputeOptions changed = new ComputeOptions();

  @Mixin private final PreviewOptions previews = new PreviewOptions();

  @Option(
      names = "--keep-state",
      description = "Keep the state beside the finished video, for t3 decode.")
  private boolean keep;

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    SavedVideo saved = SavedVideo.read(folder);
    VideoJobBuilder asked = saved.job().with();
    moved.applyTo(asked);
    if (changed.backend.isOther(saved.job().compute())) {
      // What the other backend takes by itself.
      asked.precision(null).kernels(null);
    }
    changed.backend.applyTo(asked);
    Output output = out != null ? Output.of(out) : saved.output();
    if (out != null) {
      force.requireFree(output);
    }
    boolean kept = keep || saved.output().keepState();
    try (VideoSession session =
        new VideoSession(
            saved.source().with(moved.source()),
            changed.backend.options(null, changed.profile),
            changed.quiet,
            spec.commandLine().getErr())) {
      VideoJob job = session.t3().complete(asked.build());
      session.describe(job);
      session.make(
          saved.folder(),
          previews.listener(job, output, session::warn),
          (events, cancel) ->
              session.t3().resume(saved, job, output.keepState(kept), events, cancel));
      session.noteWritten(output, job, started);
    }
    return 0;
  }
}
