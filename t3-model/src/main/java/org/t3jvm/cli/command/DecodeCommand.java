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
import org.t3jvm.cli.option.StateOptions;
import org.t3jvm.cli.option.VaeOptions;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.model.state.SavedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 decode}: the latents of a kept run become a video again, by other settings. */
@Command(
    name = "decode",
    description = {
      "Decodes the final latents of a run again, by other settings of the decoder.",
      "The state stays; t3 generate --keep-state leaves one."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DecodeCommand implements Callable<Integer> {
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
      description = "Where the video goes (default: in place of the run's video, with --force).")
  private @Nullable String out;

  @Mixin private final ForceOption force = new ForceOption();

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final VaeOptions vae = new VaeOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final StateOptions options = new StateOptions();

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    SavedVideo saved = SavedVideo.read(folder);
    VideoJobBuilder asked = saved.job().with();
    model.applyTo(asked);
    vae.applyTo(asked);
    compute.backend.applyTo(asked);
    Output output =
        (out != null ? Output.of(out) : saved.output())
            .keepState(options.keep)
            .unfinished(options.restart ? Output.Unfinished.DISCARD : Output.Unfinished.REFUSE);
    force.requireFree(output);
    try (VideoSession session =
        new VideoSession(
            saved.source().with(model.source()),
            compute.backend.options(null, compute.profile),
            compute.quiet,
            spec.commandLine().getErr())) {
      VideoJob job = session.t3().complete(asked.build());
      session.make(
          SavedRun.folderOf(output.path()),
          event -> {},
          (events, cancel) -> session.t3().decode(saved, job, output, events, cancel));
      session.noteWritten(output, job, started);
    }
    return 0;
  }
}
