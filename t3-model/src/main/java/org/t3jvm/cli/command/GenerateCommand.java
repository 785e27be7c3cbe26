package org.t3jvm.cli.command;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.cli.option.SweepOptions;
import org.t3jvm.event.RunEvent;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.state.SavedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 generate}: a prompt becomes a video file. */
@Command(
    name = "generate",
    description = "Renders a video from a text prompt.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class GenerateCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What to show.")
  private String prompt = "";

  @Mixin private final GenerationOptions options = new GenerationOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE.mp4|DIR/",
      description = "H.264 video, or a folder of PNG frames (default: ${DEFAULT-VALUE}).")
  private String out = "video.mp4";

  @Mixin private final SweepOptions sweep = new SweepOptions();

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    VideoJob asked = options.job(prompt);
    Output output = options.output(out, Output.Unfinished.REFUSE);
    try (VideoSession session =
        new VideoSession(
            options.model.source(),
            options.runOptions(),
            options.compute.quiet,
            spec.commandLine().getErr())) {
      VideoJob job = session.t3().complete(asked);
      session.describe(job);
      session.warnOfCut(job);
      if (sweep.previewOnly()) {
        new PreviewRun(session, job, options.preview.every(job), out).make(sweep);
        return 0;
      }
      Consumer<RunEvent> previews = options.preview.listener(job, output, session::warn);
      session.make(
          SavedRun.folderOf(output.path()),
          previews,
          (events, cancel) -> session.t3().generate(job, output, events, cancel));
      session.noteWritten(out, job, started);
    }
    return 0;
  }
}
