package org.t3jvm.cli.train;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 train dit}. */
@Command(
    name = "dit",
    description = "Trains a diffusion transformer on captioned clips.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TrainDitCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin private final TrainingOptions training = new TrainingOptions();

  @Option(
      names = "--train-text",
      description = "Train the text encoder together with the transformer.")
  private boolean trainText;

  @Mixin private final WorkerOptions workers = new WorkerOptions();

  @Override
  public Integer call() throws IOException {
    TrainingJob job = training.job(TrainedModel.DIT, trainText);
    return new TrainingSession(training.out(), workers.quiet, spec.commandLine().getErr())
        .train(job, training.restart(), workers, spec.commandLine().getOut());
  }
}
