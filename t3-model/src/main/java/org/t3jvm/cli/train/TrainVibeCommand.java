package org.t3jvm.cli.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.Training;
import org.t3jvm.train.Network;
import org.t3jvm.train.NoiseSampling;
import org.t3jvm.train.RateSchedule;
import org.t3jvm.train.ReconstructionLoss;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingJobBuilder;
import org.t3jvm.train.TrainingObjective;
import org.t3jvm.train.TrainingPace;
import org.t3jvm.train.TrainingStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 train vibe}: the two stages of ViBe's Relay LoRA (SPEC 21.1). */
@Command(
    name = "vibe",
    description = {
      "Trains a LoRA for larger sizes on images alone; --hires vibe --lora takes the result.",
      "The same command resumes a training that was broken off."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TrainVibeCommand implements Callable<Integer> {
  private static final float SHIFT = 5;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model that is adapted.")
  private Path model = Path.of("");

  @Option(
      names = "--low",
      paramLabel = "IMAGES",
      description =
          "Folder of captioned images of the model's size, with metadata.csv or metadata.jsonl, for"
              + " the first stage (default: none; the second one then learns over the model's own"
              + " weights).")
  private @Nullable Path low;

  @Option(
      names = "--high",
      required = true,
      paramLabel = "IMAGES",
      description = "Folder of captioned images of the larger size, for the second stage.")
  private Path high = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.safetensors",
      description =
          "The second stage's LoRA; the first stage's and the states of both lie beside it.")
  private Path out = Path.of("");

  @Option(
      names = "--base-height",
      paramLabel = "PIXELS",
      description =
          "Rows of the videos that are enlarged later, which give the windows of attention"
              + " (default: the model's).")
  private @Nullable Integer baseHeight;

  @Option(
      names = "--base-width",
      paramLabel = "PIXELS",
      description = "Columns of those videos (default: the model's).")
  private @Nullable Integer baseWidth;

  @Option(
      names = "--hires-pooling",
      paramLabel = "N",
      description =
          "Side of the squares of tokens whose keys are pooled (default: ${DEFAULT-VALUE}).")
  private int pooling = 2;

  @Option(
      names = "--no-hfato",
      description =
          "Let the second stage learn velocities, as the first one does, and not sharp latents from"
              + " blurred ones.")
  private boolean noHfato;

  @Option(
      names = "--rank",
      paramLabel = "N",
      description = "Rank of the change of each layer (default: ${DEFAULT-VALUE}).")
  private int rank = 32;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Rate of learning (default: ${DEFAULT-VALUE}).")
  private double rate = 1e-4;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each stage (default: ${DEFAULT-VALUE}).")
  private int steps = 3000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of order and noise (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--save-every",
      paramLabel = "N",
      description = "Steps between two saved states (default: ${DEFAULT-VALUE}).")
  private int saveEvery = 100;

  @Option(
      names = "--restart",
      description = "Discard what was trained for this output and begin anew.")
  private boolean restart;

  @Mixin private final WorkerOptions workers = new WorkerOptions();

  @Override
  public Integer call() throws IOException {
    if (workers.plan) {
      return plan();
    }
    for (TrainingJob stage : stages()) {
      new TrainingSession(stage.files().out(), workers.quiet, spec.commandLine().getErr())
          .run(
              (events, cancel) -> {
                if (restart) {
                  Training.run(stage, true, workers.options(), events, cancel);
                } else {
                  Training.proceed(stage, workers.options(), events, cancel);
                }
              });
    }
    return 0;
  }

  /** Prints what each stage takes, the second one without the result of the first. */
  private int plan() throws IOException {
    PrintWriter text = spec.commandLine().getOut();
    TrainingSession session = new TrainingSession(out, workers.quiet, spec.commandLine().getErr());
    if (low != null) {
      text.println("the images of --low, each of the base's size:");
      session.train(job(low, out, relay(false, null)), restart, workers, text);
    }
    text.println("the images of --high, each of twice the base's size:");
    return session.train(job(high, out, relay(true, null)), restart, workers, text);
  }

  private List<TrainingJob> stages() {
    if (low == null) {
      return List.of(job(high, out, relay(true, null)));
    }
    String name = String.valueOf(out.getFileName());
    Path first = out.resolveSibling(name.replaceFirst("(\\.safetensors)?$", ".stage1$1"));
    return List.of(
        job(low, first, relay(false, null)), job(high, out, relay(true, first.toAbsolutePath())));
  }

  private Network.Relay relay(boolean second, @Nullable Path first) {
    return new Network.Relay(second, first, baseHeight, baseWidth, pooling, !noHfato);
  }

  /** One stage, as ViBe's scripts train it (SPEC 21.3). */
  private TrainingJob job(Path images, Path to, Network.Relay relay) {
    Network network =
        new Network(
            null, null, null, false, null, new Network.LoraSizes(rank, null, List.of(), relay));
    TrainingJobBuilder job =
        TrainingJob.of(TrainedModel.LORA)
            .network(network)
            .data(images)
            .start(model)
            .out(to)
            .objective(
                new TrainingObjective(
                    ReconstructionLoss.USUAL,
                    new NoiseSampling(NoiseSampling.Draw.TABLE, SHIFT, true, 0.0)))
            .pace(new TrainingPace(seed, saveEvery, saveEvery))
            .stage(
                new TrainingStage(
                    steps,
                    1,
                    1,
                    null,
                    null,
                    new RateSchedule(rate, rate, 0L, RateSchedule.Shape.CONSTANT),
                    false));
    return workers.applied(job.absolute().build());
  }
}
