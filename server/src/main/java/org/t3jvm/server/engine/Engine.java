package org.t3jvm.server.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.JobPlan;
import org.t3jvm.T3;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.UnfinishedRunException;
import org.t3jvm.job.Compute;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.Output;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJob;
import org.t3jvm.server.queue.Maker;
import org.t3jvm.server.store.StoredJob;

/**
 * A model that makes the videos of a queue, and beside it the same model once more, which answers
 * what a job would take while the first one computes; weights in mapped files are there once.
 */
public final class Engine implements Maker, AutoCloseable {
  private static final String EMBEDDED = "t3-embedded";

  private final ModelSource source;
  private final Compute compute;
  private final Path loras;
  private final T3 maker;
  private final T3 planner;
  private @Nullable VideoJob defaults;

  private Engine(ModelSource source, Compute compute, Path loras, T3 maker, T3 planner) {
    this.source = source;
    this.compute = compute;
    this.loras = loras;
    this.maker = maker;
    this.planner = planner;
  }

  /**
   * Opens a model.
   *
   * @param compute of jobs that do not say it
   * @param loras folder of the LoRA files that jobs may name
   * @param notes gets lines for people
   * @throws IOException if a part of the model is missing
   */
  public static Engine open(
      ModelSource source, RunOptions options, Compute compute, Path loras, Consumer<String> notes)
      throws IOException {
    T3 maker = T3.open(source, options, notes);
    try {
      return new Engine(source, compute, loras, maker, T3.open(source, options, note -> {}));
    } catch (IOException | RuntimeException e) {
      maker.close();
      throw e;
    }
  }

  /** The name that clients know the model by. */
  public String model() {
    if (source.embedded()) {
      return EMBEDDED;
    }
    Path named = source.folder() != null ? source.folder() : source.dit();
    return named == null
        ? EMBEDDED
        : String.valueOf(named.toAbsolutePath().normalize().getFileName());
  }

  /** What computes a job that does not say it. */
  public Compute compute() {
    return compute;
  }

  /** Names of the LoRA files that jobs may have, in order. */
  public List<String> loras() throws IOException {
    if (!Files.isDirectory(loras)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(loras)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  /** A job in which all is the model's own. */
  public synchronized VideoJob defaults() throws IOException {
    VideoJob known = defaults;
    if (known == null) {
      known = planner.complete(VideoJob.of("").compute(compute).build());
      defaults = known;
    }
    return known;
  }

  /**
   * A job with every choice filled in.
   *
   * @param job its files named as in {@code files}
   * @param files that it starts from
   */
  public VideoJob complete(VideoJob job, Map<String, Path> files) throws IOException {
    VideoJob complete = planner.complete(located(job, files));
    return Inputs.bare(complete).with().start(job.start()).build();
  }

  /** What a job takes; the first call measures the machine for a few seconds. */
  public JobPlan plan(VideoJob job, Map<String, Path> files) throws IOException {
    return planner.plan(located(job, files));
  }

  private VideoJob located(VideoJob job, Map<String, Path> files) {
    return Inputs.placed(job, name -> files.getOrDefault(name.toString(), name), loras);
  }

  @Override
  public void make(StoredJob job, Path folder, Consumer<RunEvent> events, CancelToken cancel)
      throws IOException {
    Path video = folder.resolve(VIDEO);
    VideoJob placed = Inputs.placed(job.job(), name -> folder.resolve(name.toString()), loras);
    // A server that was killed after the video was whole, and before it could say so.
    if (Files.exists(video) && maker.made(video, placed)) {
      return;
    }
    Output output = Output.of(video);
    try {
      maker.generate(placed, output.unfinished(Output.Unfinished.RESUME), events, cancel);
    } catch (UnfinishedRunException e) {
      // Of another version of this program, or damaged: the folder is the job's own, so is its run.
      events.accept(new RunEvent.Warning("begun anew: " + e.getMessage()));
      maker.generate(placed, output.unfinished(Output.Unfinished.DISCARD), events, cancel);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      maker.close();
    } finally {
      planner.close();
    }
  }
}
