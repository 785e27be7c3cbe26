package org.t3jvm.cli.command;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.option.ForceOption;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.cli.option.JobOptions;
import org.t3jvm.cli.option.OutputName;
import org.t3jvm.cli.option.PromptOptions;
import org.t3jvm.cli.option.SweepOptions;
import org.t3jvm.event.RunEvent;
import org.t3jvm.job.Output;
import org.t3jvm.job.SamplingPreset;
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

  @Mixin private final PromptOptions promptOptions = new PromptOptions();

  @Mixin private final GenerationOptions options = new GenerationOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE.mp4|DIR/",
      description =
          "H.264 video, or a folder of PNG frames (default: a free name from prompt and seed, such"
              + " as a-red-ball-0.mp4).")
  private @Nullable String out;

  @Mixin private final ForceOption force = new ForceOption();

  @Mixin private final SweepOptions sweep = new SweepOptions();

  @Option(names = "--preset", paramLabel = "lightning", description = JobOptions.PRESET)
  void preset(SamplingPreset preset) {
    options.what.preset(preset);
  }

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    VideoJob asked = options.job(promptOptions.prompt());
    String name =
        out != null
            ? out
            : OutputName.free(
                    Path.of(""), asked.text().prompt(), requireNonNull(asked.sampling().seed()))
                .toString();
    Output output = options.output(name, Output.Unfinished.REFUSE);
    if (!sweep.previewOnly()) {
      force.requireFree(output);
    }
    try (VideoSession session =
        new VideoSession(
            options.what.model.source(),
            options.runOptions(),
            options.compute.quiet,
            spec.commandLine().getErr())) {
      VideoJob job = session.t3().complete(asked);
      session.describe(job);
      if (job.text().prompt().isBlank()) {
        session.warn("t3: the prompt is empty: the model reads 1 token, the end of the text");
      }
      session.warnOfCut(job);
      if (sweep.previewOnly()) {
        new PreviewRun(session, job, options.preview.every(job), name).make(sweep, force);
        return 0;
      }
      Consumer<RunEvent> previews = options.preview.listener(job, output, session::warn);
      session.make(
          SavedRun.folderOf(output.path()),
          previews,
          (events, cancel) -> session.t3().generate(job, output, events, cancel));
      session.noteWritten(name, job, started);
    }
    return 0;
  }
}
