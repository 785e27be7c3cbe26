package org.t3jvm.model.train.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.fit.Rates;
import org.t3jvm.model.fit.Work;
import org.t3jvm.model.train.Objective;
import org.t3jvm.model.train.data.DatasetListener;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingPlan;
import org.t3jvm.train.TrainingStage;

/** Plans a training from the sizes of its model and stages; no clip is read. */
public final class TrainingPlanner {
  private final TrainingJob job;
  private final RunOptions options;

  public TrainingPlanner(TrainingJob job, RunOptions options) {
    this.job = job;
    this.options = options;
  }

  /**
   * The plan, for which the machine is measured.
   *
   * @throws IOException if the model cannot be read
   * @throws org.t3jvm.job.JobException if a stage has no size of its own
   * @throws org.t3jvm.event.RunFailedException if a stage does not fit into the memory
   */
  public TrainingPlan plan() throws IOException {
    TaskData data = new TaskData(job.files().data(), job.files().out(), DatasetListener.NONE);
    try (Backend backend = TrainingRun.backend(job, options);
        TrainingTask task = TrainingRun.task(job, backend, data, options.workers())) {
      Map<String, Tensor> weights = task.initial();
      Rates rates = Rates.of(backend);
      List<TrainingPlan.Stage> stages = new ArrayList<>();
      for (TrainingStage stage : job.stages()) {
        stages.add(stage(stage, task, weights, backend, rates));
      }
      long count = weights.values().stream().mapToLong(each -> each.shape().elements()).sum();
      return new TrainingPlan(count, stages);
    }
  }

  private TrainingPlan.Stage stage(
      TrainingStage stage,
      TrainingTask task,
      Map<String, Tensor> weights,
      Backend backend,
      Rates rates) {
    Shape size = task.planned(stage);
    Graph graph = StageRun.graph(task, stage, size, weights);
    int groups = stage.batch() / task.group(stage, size).count();
    Map<String, Tensor> trained = new LinkedHashMap<>(weights);
    trained.keySet().retainAll(graph.parameters().keySet());
    StageFit fit = StageFit.of(job, groups, graph, trained, backend, options);
    Graph gradients =
        Gradients.of(graph, Objective.LOSS, trained.keySet(), region -> fit.recompute());
    Work step = Work.of(gradients).times(groups);
    return new TrainingPlan.Stage(
        stage.steps(),
        step.total(),
        fit.bytes(),
        fit.side(),
        fit.recompute(),
        stage.steps() * rates.seconds(step));
  }
}
