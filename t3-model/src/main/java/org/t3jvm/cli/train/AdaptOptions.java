package org.t3jvm.cli.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.Attention;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.train.Network;
import org.t3jvm.train.OptimizerSettings;
import org.t3jvm.train.RateSchedule;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingJobBuilder;
import org.t3jvm.train.TrainingPace;
import org.t3jvm.train.TrainingStage;
import picocli.CommandLine.Option;

/** Options of a training that changes a model which is there: a retrofit or a LoRA. */
public final class AdaptOptions {
  private static final long WARM_STEPS = 5;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model that is changed.")
  private Path model = Path.of("");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "CLIPS",
      description = "Folder of clips with metadata.csv or metadata.jsonl; may be given again.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.safetensors",
      description = "What is trained; the state of the training lies beside it.")
  private Path out = Path.of("");

  @Option(
      names = "--height",
      paramLabel = "PX",
      description = "Height of the clips (default: the model's).")
  private @Nullable Integer height;

  @Option(
      names = "--width",
      paramLabel = "PX",
      description = "Width of the clips (default: the model's).")
  private @Nullable Integer width;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Frames of the clips, 1 + 4k (default: the model's).")
  private @Nullable Integer frames;

  @Option(
      names = "--windows",
      paramLabel = "T,H,W;...",
      description =
          "Counts of T3 windows, a triple a kind (default: for a retrofit the model's or by rule;"
              + " for a LoRA none, attention is full).")
  private @Nullable String windows;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the training (default: ${DEFAULT-VALUE}).")
  private int steps = 500;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Clips of a step (default: ${DEFAULT-VALUE}).")
  private int batch = 1;

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
      names = "--cache",
      paramLabel = "DIR",
      description = "Folder for encoded clips, which trainings may share (default: in the state).")
  private @Nullable Path cache;

  @Option(
      names = "--restart",
      description = "Discard an unfinished training of this output and begin anew.")
  private boolean restart;

  /** Whether an unfinished training is discarded. */
  public boolean restart() {
    return restart;
  }

  /** The output. */
  public Path out() {
    return out;
  }

  /**
   * Attention in the windows that are asked for; null for the default.
   *
   * @throws UsageException if they are none
   */
  public @Nullable Attention attention() {
    if (windows == null) {
      return null;
    }
    try {
      return Attention.t3(T3Windows.parse(windows).kinds());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--windows: " + e.getMessage());
    }
  }

  /**
   * The job that the options ask for.
   *
   * @param rate of learning
   * @throws IOException if the model's defaults cannot be read
   */
  public TrainingJob job(TrainedModel trained, Network network, double rate) throws IOException {
    ModelDefaults defaults = ModelDefaults.of(model, ModelDefaults.T3_VIDEO);
    TrainingJobBuilder job =
        TrainingJob.of(trained)
            .network(network)
            .data(data.toArray(Path[]::new))
            .start(model)
            .out(out)
            .optimizer(OptimizerSettings.USUAL)
            .pace(new TrainingPace(seed, saveEvery, saveEvery))
            .stage(
                new TrainingStage(
                    steps,
                    batch,
                    frames == null ? defaults.frames() : frames,
                    height == null ? Integer.valueOf(defaults.height()) : height,
                    width == null ? Integer.valueOf(defaults.width()) : width,
                    new RateSchedule(rate, rate, WARM_STEPS, RateSchedule.Shape.COSINE),
                    false));
    if (cache != null) {
      job.cache(cache);
    }
    return job.absolute().build();
  }
}
