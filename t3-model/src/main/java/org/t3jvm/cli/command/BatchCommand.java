package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.t3jvm.cli.error.FieldOptions;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.cli.option.JobOptions;
import org.t3jvm.job.SamplingPreset;
import org.t3jvm.model.batch.PromptFile;
import org.t3jvm.model.batch.PromptRange;
import org.t3jvm.model.fit.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 batch}: a file of prompts becomes a folder of videos. */
@Command(
    name = "batch",
    description = {
      "Renders a video for every prompt of a file, with the models loaded once.",
      "Videos that are there already are not made again, so a batch that was stopped resumes."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BatchCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      paramLabel = "PROMPTS.json|.jsonl|.csv|.txt",
      description =
          "Prompts: a list of objects with \"prompt_en\", an object a line, a table with a header,"
              + " or text with one prompt a line. All but text may set \"seed\", \"negative\","
              + " \"size\" (such as 832x480), \"frames\" and \"image\" of a prompt.")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder of the videos, <DIR>/<name of PROMPTS>/<H>_<W>_<F>_<index>.mp4, and"
              + " manifest.jsonl.")
  private Path out = Path.of("");

  @Option(
      names = "--start",
      paramLabel = "N",
      description = "Index of the first prompt (default: ${DEFAULT-VALUE}).")
  private int start;

  @Option(
      names = "--end",
      paramLabel = "N",
      description = "One past the last; -1 for all (default: ${DEFAULT-VALUE}).")
  private int end = -1;

  @Option(
      names = "--num-groups",
      paramLabel = "N",
      description =
          "Parts that several machines or processes make, one each (default: ${DEFAULT-VALUE}).")
  private int groups = 1;

  @Option(
      names = "--group",
      paramLabel = "N",
      description = "Which of the parts, from 0 (default: ${DEFAULT-VALUE}).")
  private int group;

  @Mixin private final GenerationOptions options = new GenerationOptions();

  @Option(names = "--preset", paramLabel = "lightning", description = JobOptions.PRESET)
  void preset(SamplingPreset preset) {
    options.what.preset(preset);
  }

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    PromptFile prompts = PromptFile.read(file);
    PromptRange range = range(prompts);
    Path folder = out.resolve(prompts.stem());
    Files.createDirectories(folder);
    try (VideoSession session =
        new VideoSession(
            options.what.model.source(),
            options.runOptions(),
            options.compute.quiet,
            spec.commandLine().getErr())) {
      return make(session, prompts, range, folder, started);
    }
  }

  private PromptRange range(PromptFile prompts) {
    try {
      return PromptRange.of(prompts.prompts().size(), start, end, groups, group);
    } catch (IllegalArgumentException e) {
      throw new UsageException(FieldOptions.spell(String.valueOf(e.getMessage())));
    }
  }

  private int make(
      VideoSession session, PromptFile prompts, PromptRange range, Path folder, Instant started)
      throws IOException {
    BatchRun run =
        new BatchRun(session, prompts, file.toAbsolutePath()::resolveSibling, folder, options);
    run.make(range);
    session.note(
        "%d made, %d skipped, %d of other prompts, %d failed in %s; see %s"
            .formatted(
                run.made(),
                run.skipped(),
                run.changed(),
                run.failed(),
                Sizes.duration(Duration.between(started, Instant.now())),
                run.manifest()));
    return run.failed() + run.changed() == 0 ? 0 : 1;
  }
}
