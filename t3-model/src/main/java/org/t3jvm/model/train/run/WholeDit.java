package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.primer.PrimerModel;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.train.Network;
import org.t3jvm.train.TrainingJob;

/** All weights of a transformer: from nothing if it has no {@code start}, else from there. */
record WholeDit(TrainingJob job, DitConfig config, Optional<ModelPart<DitConfig>> start)
    implements DitWeights {
  private static final int PATCH = 2;

  /** Opens what the job starts from. */
  static WholeDit open(TrainingJob job, VaeConfig vae, int textDim, int threads)
      throws IOException {
    Network.DitSizes sizes = job.network().dit();
    if (sizes == null) {
      Path folder = TaskWeights.start(job, "network.dit");
      ModelPart<DitConfig> start = ModelPart.dit(ModelSource.of(folder), threads);
      return new WholeDit(job, start.config(), Optional.of(start));
    }
    int channels = vae.latentChannels();
    DitConfig config =
        new DitConfig(
            channels,
            channels,
            sizes.dim(),
            sizes.heads(),
            sizes.ffn(),
            sizes.layers(),
            sizes.freqDim(),
            textDim,
            PATCH,
            PATCH);
    return new WholeDit(job, config, Optional.empty());
  }

  @Override
  public Map<String, Tensor> initial() {
    Map<String, Shape> shapes = config.parameterShapes().asMap();
    return start
        .map(part -> TaskWeights.copied("", shapes.keySet(), part.parameters()))
        .orElseGet(() -> TaskWeights.made("", shapes, PrimerModel.dit(config, job.pace().seed())));
  }

  @Override
  public Parameters frozen() {
    return Parameters.of(Map.of());
  }

  @Override
  public ParameterTypes types(Map<String, Tensor> weights) {
    return Parameters.of(weights);
  }

  @Override
  public Graph over(Graph traced) {
    return traced;
  }

  /** A state dict that {@code --t3} takes, or the transformer's file in the folder of a model. */
  @Override
  public void write(Map<String, Tensor> weights, Map<String, String> metadata) throws IOException {
    Map<String, Tensor> own = new LinkedHashMap<>(weights);
    own.keySet().retainAll(config.parameterShapes().asMap().keySet());
    Path out = job.files().out();
    if (job.model().inOneFile()) {
      TaskWeights.write(out, own, metadata);
    } else {
      new ModelFolder(out).dit(config, own, metadata);
    }
  }

  @Override
  public void close() {
    start.ifPresent(ModelPart::close);
  }
}
