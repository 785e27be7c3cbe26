package org.t3jvm.cli.train;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.loaders.io.TextFile;
import org.t3jvm.train.Network;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingFiles;
import org.t3jvm.train.TrainingJob;
import picocli.CommandLine.Option;

/** Options of a training that a recipe file describes. */
public final class TrainingOptions {
  private static final int MAX_RECIPE = 1 << 20;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "JSON with sizes, stages and rates, see docs/training.md.")
  private Path config = Path.of("");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "CLIPS",
      description = "Folder of clips with metadata.csv or metadata.jsonl; may be given again.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the trained model, and for the state of the training.")
  private Path out = Path.of("");

  @Option(
      names = "--start",
      paramLabel = "DIR",
      description = "Model folder whose weights are trained further (default: from nothing).")
  private @Nullable Path start;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder of the parts that are not trained (default: that of --start).")
  private @Nullable Path model;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Folder for encoded clips, which trainings may share (default: DIR/training/encoded).")
  private @Nullable Path cache;

  @Option(
      names = "--restart",
      description = "Discard an unfinished training in the output folder and begin anew.")
  private boolean restart;

  /** Whether an unfinished training is discarded. */
  public boolean restart() {
    return restart;
  }

  /** The output folder. */
  public Path out() {
    return out;
  }

  /**
   * The job that the options and the recipe ask for.
   *
   * @param trainText whether the text encoder is trained too, whatever the recipe says
   * @throws IOException if the recipe cannot be read
   * @throws UsageException if it is none, naming the field
   */
  public TrainingJob job(TrainedModel trained, boolean trainText) throws IOException {
    String recipe;
    try {
      recipe = TextFile.read(config, MAX_RECIPE);
    } catch (NoSuchFileException e) {
      throw new UsageException("--config '%s' does not exist".formatted(config));
    }
    TrainingFiles files = new TrainingFiles(data, start, model, out, cache);
    try {
      TrainingJob job = TrainingJob.fromRecipe(recipe, trained, files);
      Network network = trainText ? job.network().withText() : job.network();
      return job.with().network(network).absolute().build();
    } catch (IOException e) {
      throw new UsageException("'%s': %s".formatted(config, e.getMessage()));
    }
  }
}
