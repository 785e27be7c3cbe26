package org.t3jvm.train;

import static org.t3jvm.job.JobException.require;

import java.io.IOException;
import java.util.List;
import org.t3jvm.job.JobException;
import org.t3jvm.model.json.RecordJson;

/**
 * A training: everything that decides a bit of its result. Groups that a JSON document leaves out
 * have their defaults.
 *
 * @param version of the JSON that it is written as, {@link #VERSION}
 * @param model what is trained
 * @param network sizes of what is made from nothing
 * @param files what is read and written
 * @param optimizer how gradients change weights
 * @param objective what weights are trained towards
 * @param stages one after the other
 * @param pace seed, and how often is written
 * @param backend what computes, such as {@code cpu}; each rounds in its own way
 */
public record TrainingJob(
    int version,
    TrainedModel model,
    Network network,
    TrainingFiles files,
    OptimizerSettings optimizer,
    TrainingObjective objective,
    List<TrainingStage> stages,
    TrainingPace pace,
    String backend) {
  /** The version of jobs that this program reads and writes. */
  public static final int VERSION = 1;

  /** The backend of jobs that name none. */
  public static final String CPU = "cpu";

  public TrainingJob {
    require(version == VERSION, "version", version, String.valueOf(VERSION));
    if (model == null) {
      throw new JobException("model is missing, must be vae, dit, retrofit or lora");
    }
    if (files == null) {
      throw new JobException("files is missing, must be an object with data and out");
    }
    network = network == null ? Network.GIVEN : network;
    optimizer = optimizer == null ? OptimizerSettings.USUAL : optimizer;
    objective = objective == null ? TrainingObjective.USUAL : objective;
    if (stages == null || stages.isEmpty()) {
      throw new JobException("stages is missing, must be a list of one stage at least");
    }
    stages = List.copyOf(stages);
    pace = pace == null ? TrainingPace.USUAL : pace;
    backend = backend == null ? CPU : backend;
    require(
        (model == TrainedModel.LORA) == (network.lora() != null),
        "network.lora",
        network.lora() == null ? "missing" : "given",
        "given for a lora alone");
    boolean pieces = stages.stream().allMatch(stage -> stage.height() != null);
    require(model != TrainedModel.VAE || pieces, "stages.height", "missing", "given for a vae");
  }

  /** Begins a training of a model. */
  public static TrainingJobBuilder of(TrainedModel model) {
    return new TrainingJobBuilder(model);
  }

  /** Begins a job like this one. */
  public TrainingJobBuilder with() {
    return new TrainingJobBuilder(this);
  }

  /** Steps of all stages. */
  public long steps() {
    return stages.stream().mapToLong(TrainingStage::steps).sum();
  }

  /** The job as JSON, in one line. */
  public String toJson() {
    return RecordJson.mapper().writeValueAsString(this);
  }

  /**
   * A job from a recipe, JSON of a job but for what it trains and what files it is for.
   *
   * @throws IOException if it is none, naming the field
   */
  public static TrainingJob fromRecipe(String json, TrainedModel model, TrainingFiles files)
      throws IOException {
    Recipe recipe = RecordJson.read(json, Recipe.class);
    return new TrainingJob(
        recipe.version,
        model,
        recipe.network,
        files,
        recipe.optimizer,
        recipe.objective,
        recipe.stages,
        recipe.pace,
        recipe.backend);
  }

  /** What a recipe may hold. */
  private record Recipe(
      int version,
      Network network,
      OptimizerSettings optimizer,
      TrainingObjective objective,
      List<TrainingStage> stages,
      TrainingPace pace,
      String backend) {}

  /**
   * A job from JSON.
   *
   * @throws IOException if it is no job, naming the field
   */
  public static TrainingJob fromJson(String json) throws IOException {
    return RecordJson.read(json, TrainingJob.class);
  }
}
