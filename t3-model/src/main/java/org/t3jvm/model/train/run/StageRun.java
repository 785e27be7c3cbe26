package org.t3jvm.model.train.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.JobException;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.train.ExampleGroup;
import org.t3jvm.model.train.Trainer;
import org.t3jvm.model.train.data.BatchOrder;
import org.t3jvm.model.train.data.DataPosition;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.optim.AdamW;
import org.t3jvm.tensor.optim.LearningRate;
import org.t3jvm.tensor.random.TorchRandom;
import org.t3jvm.train.OptimizerSettings;
import org.t3jvm.train.RateSchedule;
import org.t3jvm.train.TrainingEvent;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingStage;
import org.t3jvm.train.TrainingStep;

/** One stage: its clips, their order, its optimiser and its graphs. */
final class StageRun implements AutoCloseable {
  private static final double NANO = 1e-9;
  private static final long NUMBER_STEP = 0x9E3779B97F4A7C15L;
  private static final long STAGE_STEP = 1_000_003;

  private final TrainingTask task;
  private final TrainingStage stage;
  private final int number;
  private final long seed;
  private final Dataset data;
  private final List<Integer> clips;
  private final BatchOrder order;
  private final AdamW optimizer;
  private final LearningRate rate;
  private final StageFit fit;
  private final List<Backend> backends = new ArrayList<>();
  private final Trainer trainer;
  private final Map<Shape, Double> flop = new LinkedHashMap<>();
  private DataPosition position = DataPosition.START;

  /**
   * A stage at its first step.
   *
   * @param weights all that are trained, of which the stage trains those that it computes with
   * @param backend with all threads
   */
  StageRun(
      TrainingJob job,
      int number,
      TrainingTask task,
      Map<String, Tensor> weights,
      Backend backend,
      RunOptions options)
      throws IOException {
    this.task = task;
    this.number = number;
    this.stage = job.stages().get(number);
    this.seed = job.pace().seed() + number * STAGE_STEP;
    this.data = task.data(stage);
    this.clips = fitting(task, stage, data, number);
    this.order =
        new BatchOrder(
            clips.stream().map(clip -> task.size(stage, data.shapes().get(clip))).toList(),
            stage.batch(),
            seed);
    OptimizerSettings settings = job.optimizer();
    this.optimizer =
        new AdamW(
            new AdamW.Settings(
                settings.beta1(), settings.beta2(), settings.eps(), settings.decay()),
            options.workers());
    this.rate = rate(stage);
    Shape size = largestSize();
    Graph largest = graph(task, stage, size, weights);
    Map<String, Tensor> trained = new LinkedHashMap<>(weights);
    trained.keySet().retainAll(largest.parameters().keySet());
    int groups = stage.batch() / task.group(stage, size).count();
    this.fit = StageFit.of(job, groups, largest, trained, backend, options);
    for (int i = 0; i < fit.side() && fit.side() > 1; i++) {
      int threads = (options.workers() + i) / fit.side();
      backends.add(Backends.named(backend.name()).open(new BackendOptions(threads)));
    }
    this.trainer =
        new Trainer(
            backends.isEmpty() ? List.of(backend) : backends,
            task.frozen(),
            trained,
            each -> graph(task, stage, each, weights),
            new Trainer.Settings(settings.clip(), fit.recompute(), options.workers()));
  }

  /**
   * The clips that are long and large enough for a stage.
   *
   * @throws JobException if there is none
   */
  static List<Integer> fitting(TrainingTask task, TrainingStage stage, Dataset data, int number) {
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      if (task.fits(stage, data.shapes().get(i))) {
        fitting.add(i);
      }
    }
    if (fitting.isEmpty()) {
      throw new JobException(
          "stages.%d has no clip: it needs %d frames%s, the largest of %d clips is %s"
              .formatted(
                  number,
                  stage.frames(),
                  stage.height() == null
                      ? ""
                      : " of %dx%d".formatted(stage.width(), stage.height()),
                  data.size(),
                  data.shapes().stream()
                      .max((a, b) -> Long.compare(a.elements(), b.elements()))
                      .orElseThrow()));
    }
    return fitting;
  }

  /** The graph of a group of examples of a size. */
  static Graph graph(
      TrainingTask task, TrainingStage stage, Shape size, Map<String, Tensor> weights) {
    return task.group(stage, size).graph(task.graph(size, weights));
  }

  private static LearningRate rate(TrainingStage stage) {
    RateSchedule rate = stage.rate();
    LearningRate falling =
        switch (rate.shape()) {
          case COSINE -> LearningRate.cosine(rate.first(), rate.last(), stage.steps());
          case LINEAR -> LearningRate.linear(rate.first(), rate.last(), stage.steps());
          case CONSTANT -> LearningRate.constant(rate.first());
        };
    return falling.warmed(rate.warm());
  }

  private Shape largestSize() {
    return clips.stream()
        .map(clip -> task.size(stage, data.shapes().get(clip)))
        .max((a, b) -> Long.compare(a.elements(), b.elements()))
        .orElseThrow();
  }

  AdamW optimizer() {
    return optimizer;
  }

  /** Where the next step's examples are. */
  DataPosition position() {
    return position;
  }

  void restore(DataPosition at) {
    position = at;
  }

  TrainingEvent.StageStarted started() {
    return new TrainingEvent.StageStarted(
        number, clips.size(), flop(largestSize()), fit.bytes(), fit.side(), fit.recompute());
  }

  /** Operations of an example of a size. */
  private double flop(Shape size) {
    return flop.computeIfAbsent(
        size,
        key ->
            trainer.graph(key).values().stream()
                    .mapToDouble((Value value) -> OpWork.flop(value))
                    .sum()
                / task.group(stage, key).count());
  }

  /**
   * Takes a step.
   *
   * @param number of the step in the whole training
   * @throws IOException if a clip cannot be read
   */
  TrainingStep step(long number, CancelToken cancel) throws IOException {
    long began = System.nanoTime();
    List<Integer> batch = order.at(position);
    ExampleGroup group = task.group(stage, size(batch.getFirst()));
    Trainer.Report report;
    try {
      report =
          trainer.step(
              batch.size() / group.count(),
              index -> examples(batch, group, index, number),
              optimizer,
              rate,
              region -> cancel.check());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    double flops = 0;
    long tokens = 0;
    for (int clip : batch) {
      Shape size = size(clip);
      flops += flop(size);
      tokens += task.tokens(size);
    }
    position = order.next(position);
    return new TrainingStep(
        number,
        report.loss(),
        report.norm(),
        report.rate(),
        report.skipped(),
        flops,
        tokens,
        new TrainingStep.Times(
            NANO * (System.nanoTime() - began), report.data(), report.graph(), report.update()));
  }

  /**
   * A picture of what weights do so far.
   *
   * @throws IOException if the clip cannot be read
   */
  BufferedImage sample(Map<String, Tensor> weights) throws IOException {
    return task.sample(stage, data.sample(clips.getFirst()), weights);
  }

  private Shape size(int clip) {
    return task.size(stage, data.shapes().get(clips.get(clip)));
  }

  /** A step's examples have one size. */
  private Trainer.Example examples(
      List<Integer> batch, ExampleGroup group, int index, long number) {
    int first = index * group.count();
    return group.join(
        IntStream.range(first, first + group.count())
            .mapToObj(i -> example(batch.get(i), i, number))
            .toList());
  }

  private Trainer.Example example(int clip, int index, long number) {
    TorchRandom random = new TorchRandom(seed + NUMBER_STEP * (number * stage.batch() + index + 1));
    try {
      return task.example(stage, data.sample(clips.get(clip)), index, random);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    trainer.close();
    backends.forEach(Backend::close);
  }
}
