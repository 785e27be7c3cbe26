package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.JobException;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.lora.LoraLayers;
import org.t3jvm.model.lora.LoraWeights;
import org.t3jvm.model.train.TrainedDit;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.train.Network;
import org.t3jvm.train.TrainingJob;

/** A LoRA beside the layers of a transformer, whose weights stay where they lie. */
record LoraOfDit(TrainingJob job, ModelPart<DitConfig> part, LoraLayers layers)
    implements DitWeights {
  /** Opens the transformer that the job starts from. */
  static LoraOfDit open(TrainingJob job) throws IOException {
    Network.LoraSizes sizes = Objects.requireNonNull(job.network().lora());
    @Nullable Float alpha = sizes.alpha();
    LoraLayers layers =
        new LoraLayers(
            LoraLayers.DEFAULT,
            sizes.targets(),
            sizes.rank(),
            alpha == null ? sizes.rank() : alpha);
    ModelPart<DitConfig> part =
        ModelPart.dit(ModelSource.of(TaskWeights.start(job, "network.dit")));
    return new LoraOfDit(job, part, layers);
  }

  @Override
  public DitConfig config() {
    return part.config();
  }

  /** All linear layers are the same at all sizes, so that the smallest grid shows them. */
  @Override
  public Map<String, Tensor> initial() {
    Graph smallest =
        TrainedDit.graph(
            config(),
            SelfAttentionPlan.full(),
            part.parameters(),
            new Dit.Job(new TokenGrid(1, 1, 1), 1, true, false),
            Optional.empty());
    try {
      layers.over(smallest);
    } catch (IllegalArgumentException e) {
      throw new JobException("network.lora.targets: " + e.getMessage(), e);
    }
    return LoraWeights.initial(layers, smallest, job.pace().seed());
  }

  @Override
  public Parameters frozen() {
    return part.parameters();
  }

  @Override
  public ParameterTypes types(Map<String, Tensor> weights) {
    return part.parameters();
  }

  @Override
  public Graph over(Graph traced) {
    return layers.over(traced);
  }

  @Override
  public void write(Map<String, Tensor> weights) throws IOException {
    Files.createDirectories(job.files().out().toAbsolutePath().getParent());
    LoraWeights.write(job.files().out(), layers, weights);
  }

  @Override
  public void close() {
    part.close();
  }
}
