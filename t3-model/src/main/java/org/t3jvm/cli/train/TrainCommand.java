package org.t3jvm.cli.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.Training;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code t3 train}: trains a model, or resumes a training. */
@Command(
    name = "train",
    description = "Trains a model on captioned clips, or resumes a training.",
    subcommands = {
      TrainRetrofitCommand.class,
      TrainLoraCommand.class,
      TrainVibeCommand.class,
      TrainVaeCommand.class,
      TrainDitCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TrainCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--resume",
      paramLabel = "OUT",
      description = {
        "Resume the unfinished training of this output, a folder or a file.",
        "The result is that of an unbroken training, bit for bit."
      })
  private @Nullable Path resumed;

  @Mixin private final WorkerOptions workers = new WorkerOptions();

  @Override
  public Integer call() throws IOException {
    Path folder = resumed;
    if (folder == null) {
      throw new ParameterException(
          spec.commandLine(),
          "say what to train: retrofit, lora, vibe, vae or dit; or give --resume OUT");
    }
    return new TrainingSession(folder, workers.quiet, spec.commandLine().getErr())
        .run((events, cancel) -> Training.resume(folder, workers.resumed(), events, cancel));
  }
}
