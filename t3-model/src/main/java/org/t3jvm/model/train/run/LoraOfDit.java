package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.JobException;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.lora.LoraLayers;
import org.t3jvm.model.lora.LoraMerge;
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
record LoraOfDit(TrainingJob job, ModelPart<DitConfig> part, LoraLayers layers, Parameters frozen)
    implements DitWeights {
  private static final String DOWN = ".lora_A.";
  private static final String UP = ".lora_B.";

  /** Opens the transformer that the job starts from. */
  static LoraOfDit open(TrainingJob job, int threads) throws IOException {
    Network.LoraSizes sizes = Objects.requireNonNull(job.network().lora());
    @Nullable Float alpha = sizes.alpha();
    LoraLayers layers =
        new LoraLayers(
            LoraLayers.DEFAULT,
            sizes.targets(),
            sizes.rank(),
            alpha == null ? sizes.rank() : alpha);
    ModelPart<DitConfig> part =
        ModelPart.dit(ModelSource.of(TaskWeights.start(job, "network.dit")), threads);
    Network.Relay relay = job.network().relay();
    Path first = relay == null ? null : relay.first();
    try {
      Parameters frozen = first == null ? part.parameters() : merged(part.parameters(), first);
      return new LoraOfDit(job, part, layers, frozen);
    } catch (IOException | RuntimeException e) {
      part.close();
      throw e;
    }
  }

  /** The weights with the first stage's LoRA in them, by ViBe's rule (SPEC 21.1). */
  private static Parameters merged(Parameters weights, Path first) throws IOException {
    Map<String, Tensor> changed = new HashMap<>();
    try (Checkpoint lora = Checkpoints.open(first)) {
      for (String name : lora.entries().keySet()) {
        int end = name.indexOf(DOWN);
        if (end >= 0) {
          String weight = name.substring(0, end) + ".weight";
          Tensor up = lora.tensor(name.replace(DOWN, UP));
          changed.put(weight, LoraMerge.bfloat16(weights.tensor(weight), up, lora.tensor(name), 1));
        }
      }
    }
    return name -> {
      Tensor tensor = changed.get(name);
      return tensor == null ? weights.tensor(name) : tensor;
    };
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
  public ParameterTypes types(Map<String, Tensor> weights) {
    return frozen;
  }

  @Override
  public Graph over(Graph traced) {
    return layers.over(traced);
  }

  @Override
  public void write(Map<String, Tensor> weights, Map<String, String> metadata) throws IOException {
    Files.createDirectories(job.files().out().toAbsolutePath().getParent());
    Network.Relay relay = job.network().relay();
    LoraWeights.write(
        job.files().out(),
        layers,
        weights,
        relay == null
            ? Map.of()
            : Map.of(LoraWeights.RELAY_STAGE, relay.second() ? "2" : LoraWeights.FIRST_STAGE));
  }

  @Override
  public void close() {
    part.close();
  }
}
