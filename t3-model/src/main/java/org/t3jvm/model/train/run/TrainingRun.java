package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunCancelledException;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.train.TrainingState;
import org.t3jvm.model.train.data.DatasetListener;
import org.t3jvm.model.train.data.SkippedRow;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.optim.WeightAverage;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingEvent;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingStage;
import org.t3jvm.train.TrainingStep;

/** A training from its first step, or from the state that was saved last, to its model. */
public final class TrainingRun {
  private final TrainingJob job;
  private final RunOptions options;
  private final Consumer<TrainingEvent> events;
  private final CancelToken cancel;
  private final TrainingFolder folder;
  private Map<String, Tensor> weights = Map.of();
  private @Nullable WeightAverage average;
  private long done;
  private long saved = -1;

  private TrainingRun(
      TrainingJob job,
      RunOptions options,
      Consumer<TrainingEvent> events,
      CancelToken cancel,
      TrainingFolder folder) {
    this.job = job;
    this.options = options;
    this.events = events;
    this.cancel = cancel;
    this.folder = folder;
  }

  /**
   * Begins a training and runs it to its end.
   *
   * @param restart whether an unfinished training in its output is discarded
   * @throws KeptRunException if it ends early and can be resumed
   */
  public static void begin(
      TrainingJob job,
      boolean restart,
      RunOptions options,
      Consumer<TrainingEvent> events,
      CancelToken cancel)
      throws IOException {
    try (TrainingFolder folder = TrainingFolder.create(job.files().out(), job, restart)) {
      new TrainingRun(job, options, events, cancel, folder).run();
    }
  }

  /**
   * Runs a training to its end, from where an unfinished one of the same job is; without effect if
   * that is finished.
   *
   * @throws KeptRunException if it ends early and can be resumed
   */
  public static void proceed(
      TrainingJob job, RunOptions options, Consumer<TrainingEvent> events, CancelToken cancel)
      throws IOException {
    if (TrainingFolder.isOf(job)) {
      resume(job.files().out(), options, events, cancel);
    } else {
      begin(job, false, options, events, cancel);
    }
  }

  /** Resumes the training in an output folder; without effect if it is finished. */
  public static void resume(
      Path out, RunOptions options, Consumer<TrainingEvent> events, CancelToken cancel)
      throws IOException {
    try (TrainingFolder folder = TrainingFolder.open(out)) {
      if (!folder.isDone()) {
        new TrainingRun(folder.job(), options, events, cancel, folder).run();
      }
    }
  }

  private void run() throws IOException {
    try {
      runAll();
    } catch (RunCancelledException | IOException e) {
      if (saved < 0) {
        throw e;
      }
      throw new KeptRunException(
          e, job.files().out(), "step %d of %d".formatted(saved, job.steps()));
    }
  }

  private void runAll() throws IOException {
    try (Backend backend = backend(job, options);
        TrainingTask task = task(backend)) {
      prepare(task);
      Optional<TrainingState> state = folder.state();
      start(task, state);
      try (StepLog log = new StepLog(folder.log(), done)) {
        stages(task, state, backend, log);
      }
      task.write(result());
      folder.done();
      events.accept(new TrainingEvent.Finished(done));
    }
  }

  private TrainingTask task(Backend backend) throws IOException {
    DatasetListener listener =
        new DatasetListener() {
          @Override
          public void skipped(SkippedRow row) {
            events.accept(new TrainingEvent.DataSkipped(row.toString()));
          }

          @Override
          public void prepared(int rows, int of) {
            cancel.check();
            events.accept(new TrainingEvent.DataPrepared(rows, of));
          }
        };
    Path cache = Optional.ofNullable(job.files().cache()).orElse(folder.encoded());
    TaskData data = new TaskData(job.files().data(), cache, listener);
    return task(job, backend, data, options.workers());
  }

  /** What computes a job; products are of F32 everywhere. */
  static Backend backend(TrainingJob job, RunOptions options) {
    BackendOptions machine =
        new BackendOptions(options.workers(), options.device(), options.deviceMemory());
    return Backends.named(job.backend()).open(machine.with(Precision.F32));
  }

  /** What a job trains; threads decode the stored tensors that it starts from. */
  static TrainingTask task(TrainingJob job, Backend backend, TaskData data, int threads)
      throws IOException {
    return job.model() == TrainedModel.VAE
        ? new VaeTask(job, backend, data)
        : DitTask.open(job, backend, data, threads);
  }

  /**
   * Encodes the data of all stages, so that what is wrong with them shows before the first step.
   */
  private void prepare(TrainingTask task) throws IOException {
    for (int i = 0; i < job.stages().size(); i++) {
      TrainingStage stage = job.stages().get(i);
      StageRun.fitting(task, stage, task.data(stage), i);
    }
  }

  private void start(TrainingTask task, Optional<TrainingState> state) throws IOException {
    // In the order of their names, whether made or read: sums over all of them have one order.
    weights = new TreeMap<>(state.isPresent() ? state.get().weights() : task.initial());
    if (job.optimizer().average() > 0) {
      average =
          new WeightAverage(
              job.optimizer().average(),
              state.map(TrainingState::averages).orElse(weights),
              options.workers());
    }
    done = state.map(TrainingState::step).orElse(0L);
    saved = state.isPresent() ? done : -1;
    long count = weights.values().stream().mapToLong(each -> each.shape().elements()).sum();
    events.accept(new TrainingEvent.Started(done, job.steps(), count));
  }

  private void stages(
      TrainingTask task, Optional<TrainingState> state, Backend backend, StepLog log)
      throws IOException {
    long first = 0;
    for (int i = 0; i < job.stages().size(); i++) {
      TrainingStage stage = job.stages().get(i);
      long end = first + stage.steps();
      if (done < end) {
        if (done == first) {
          enter(task, stage);
        }
        try (StageRun run = new StageRun(job, i, task, weights, backend, options)) {
          if (done > first) {
            restore(run, state.orElseThrow());
          }
          events.accept(run.started());
          steps(run, end, log);
        }
      }
      first = end;
    }
  }

  private void enter(TrainingTask task, TrainingStage stage) {
    task.enter(stage, weights);
    if (average != null) {
      task.enter(stage, average.weights());
    }
  }

  private static void restore(StageRun run, TrainingState state) {
    run.optimizer().restore(state.optimizerSteps(), state.optimizer());
    run.restore(state.position());
  }

  private void steps(StageRun run, long end, StepLog log) throws IOException {
    while (done < end) {
      TrainingStep step;
      try {
        cancel.check();
        step = run.step(done, cancel);
      } catch (RunCancelledException e) {
        save(run);
        throw e;
      }
      if (average != null && !step.skipped()) {
        average.update(weights);
      }
      done++;
      log.add(step);
      events.accept(new TrainingEvent.StepDone(step));
      int sampleEvery = job.pace().sampleEvery();
      if (sampleEvery > 0 && (done % sampleEvery == 0 || done == job.steps())) {
        folder.sample(done, run.sample(result()));
      }
      if (done % job.pace().saveEvery() == 0 || done == end) {
        save(run);
        folder.page().write(log.figures("%s %s".formatted(job.model(), job.files().out())));
      }
    }
  }

  /** The weights that are written at the end. */
  private Map<String, Tensor> result() {
    return average == null ? weights : average.weights();
  }

  private void save(StageRun run) throws IOException {
    if (saved == done || done == 0) {
      return;
    }
    folder.save(
        new TrainingState(
            job.toJson(),
            done,
            run.position(),
            run.optimizer().steps(),
            weights,
            run.optimizer().state(),
            average == null ? Map.of() : average.weights()));
    saved = done;
    events.accept(new TrainingEvent.Saved(done));
  }
}
