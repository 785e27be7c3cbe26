package org.t3jvm.cli.train;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.t3jvm.train.Network;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 train retrofit}. */
@Command(
    name = "retrofit",
    description = "Trains a model of full attention towards T3 windows; --t3 takes the result.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TrainRetrofitCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin private final AdaptOptions training = new AdaptOptions();

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Rate of learning (default: ${DEFAULT-VALUE}).")
  private double rate = 2e-5;

  @Mixin private final WorkerOptions workers = new WorkerOptions();

  @Override
  public Integer call() throws IOException {
    TrainingJob job =
        training.job(
            TrainedModel.RETROFIT,
            new Network(null, null, null, false, training.attention(), null),
            rate);
    return new TrainingSession(training.out(), workers.quiet, spec.commandLine().getErr())
        .train(job, training.restart(), workers, spec.commandLine().getOut());
  }
}
