package org.t3jvm.cli.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.train.Network;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 train lora}. */
@Command(
    name = "lora",
    description = "Trains a LoRA of a model; --lora takes the result.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TrainLoraCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin private final AdaptOptions training = new AdaptOptions();

  @Option(
      names = "--rank",
      paramLabel = "N",
      description = "Rank of the change of each layer (default: ${DEFAULT-VALUE}).")
  private int rank = 32;

  @Option(
      names = "--alpha",
      paramLabel = "X",
      description = "Scales the change, over the rank (default: the rank).")
  private @Nullable Float alpha;

  @Option(
      names = "--targets",
      paramLabel = "NAME",
      split = ",",
      description =
          "Ends of the names of the layers that are changed (default: q,k,v,o,ffn.0,ffn.2).")
  private List<String> targets = new ArrayList<>();

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Rate of learning (default: ${DEFAULT-VALUE}).")
  private double rate = 1e-4;

  @Mixin private final WorkerOptions workers = new WorkerOptions();

  @Override
  public Integer call() throws IOException {
    Network network =
        new Network(
            null,
            null,
            null,
            false,
            training.attention(),
            new Network.LoraSizes(rank, alpha, targets, null));
    TrainingJob job = training.job(TrainedModel.LORA, network, rate);
    return new TrainingSession(training.out(), workers.quiet, spec.commandLine().getErr())
        .train(job, training.restart(), workers, spec.commandLine().getOut());
  }
}
