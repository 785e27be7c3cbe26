package org.t3jvm.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.JobException;

/** Makes a {@link TrainingJob}; what is not given has its default. */
public final class TrainingJobBuilder {
  private final TrainedModel model;
  private Network network = Network.GIVEN;
  private List<Path> data = List.of();
  private @Nullable Path start;
  private @Nullable Path parts;
  private @Nullable Path out;
  private @Nullable Path cache;
  private OptimizerSettings optimizer = OptimizerSettings.USUAL;
  private TrainingObjective objective = TrainingObjective.USUAL;
  private final List<TrainingStage> stages = new ArrayList<>();
  private TrainingPace pace = TrainingPace.USUAL;
  private String backend = TrainingJob.CPU;

  TrainingJobBuilder(TrainedModel model) {
    this.model = model;
  }

  TrainingJobBuilder(TrainingJob like) {
    this(like.model());
    network = like.network();
    data = like.files().data();
    start = like.files().start();
    parts = like.files().model();
    out = like.files().out();
    cache = like.files().cache();
    optimizer = like.optimizer();
    objective = like.objective();
    stages.addAll(like.stages());
    pace = like.pace();
    backend = like.backend();
  }

  /** Sizes of what is made from nothing. */
  public TrainingJobBuilder network(Network value) {
    network = value;
    return this;
  }

  /** Folders of captioned clips. */
  public TrainingJobBuilder data(Path... folders) {
    data = List.of(folders);
    return this;
  }

  /** Model folder whose weights are trained further. */
  public TrainingJobBuilder start(Path folder) {
    start = folder;
    return this;
  }

  /** Model folder of the parts that are not trained. */
  public TrainingJobBuilder parts(Path folder) {
    parts = folder;
    return this;
  }

  /** Folder for the trained model. */
  public TrainingJobBuilder out(Path folder) {
    out = folder;
    return this;
  }

  /** Folder for encoded clips. */
  public TrainingJobBuilder cache(Path folder) {
    cache = folder;
    return this;
  }

  /** How gradients change weights. */
  public TrainingJobBuilder optimizer(OptimizerSettings value) {
    optimizer = value;
    return this;
  }

  /** What weights are trained towards. */
  public TrainingJobBuilder objective(TrainingObjective value) {
    objective = value;
    return this;
  }

  /** One more stage. */
  public TrainingJobBuilder stage(TrainingStage value) {
    stages.add(value);
    return this;
  }

  /** Seed, and how often is written. */
  public TrainingJobBuilder pace(TrainingPace value) {
    pace = value;
    return this;
  }

  /** What computes, such as {@code opencl}. */
  public TrainingJobBuilder backend(String value) {
    backend = value;
    return this;
  }

  /** With paths that are good from any folder. */
  public TrainingJobBuilder absolute() {
    data = data.stream().map(Path::toAbsolutePath).toList();
    start = absolute(start);
    parts = absolute(parts);
    out = absolute(out);
    cache = absolute(cache);
    return this;
  }

  private static @Nullable Path absolute(@Nullable Path path) {
    return path == null ? null : path.toAbsolutePath();
  }

  /**
   * The job.
   *
   * @throws JobException naming the field that is missing or out of its range
   */
  public TrainingJob build() {
    if (out == null) {
      throw new JobException("files.out is missing, must be a folder");
    }
    return new TrainingJob(
        TrainingJob.VERSION,
        model,
        network,
        new TrainingFiles(data, start, parts, out, cache),
        optimizer,
        objective,
        stages,
        pace,
        backend);
  }
}
