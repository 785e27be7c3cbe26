package org.t3jvm.cli.train;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code t3 train vae}. */
@Command(
    name = "vae",
    description = "Trains a video autoencoder to give back the frames of clips.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TrainVaeCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin private final TrainingOptions training = new TrainingOptions();
  @Mixin private final WorkerOptions workers = new WorkerOptions();

  @Override
  public Integer call() throws IOException {
    TrainingJob job = training.job(TrainedModel.VAE, false);
    return new TrainingSession(training.out(), workers.quiet, spec.commandLine().getErr())
        .train(job, training.restart(), workers, spec.commandLine().getOut());
  }
}
