package org.t3jvm.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.primer.PrimerModel;
import org.t3jvm.model.train.data.BatchOrder;
import org.t3jvm.model.train.data.DataPosition;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.DatasetBuilder;
import org.t3jvm.model.train.data.DatasetListener;
import org.t3jvm.model.train.data.PixelCrop;
import org.t3jvm.model.train.data.PixelEncoder;
import org.t3jvm.model.train.data.SizeRule;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.world.ClipFolder;
import org.t3jvm.model.world.ClipSet;
import org.t3jvm.model.world.WorldSettings;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.optim.AdamW;
import org.t3jvm.tensor.optim.LearningRate;
import org.t3jvm.tensor.random.TorchRandom;

/** The primer's autoencoder learns the clips of a folder, from files to steps. */
class VaeTrainingTest {
  private static final long SEED = 41;
  private static final VaeConfig VAE = PrimerModel.VAE;
  private static final PixelCrop PIECE = new PixelCrop(1, 32, 32);
  private static final VaeObjective OBJECTIVE = new VaeObjective(4, 0.5f, 0, 2e-4f);
  private static final int STEPS = 60;

  @TempDir Path temp;

  private Dataset data() throws IOException {
    Path clips = temp.resolve("clips");
    WorldSettings settings = WorldSettings.trained(SEED, 48, 80, 1);
    new ClipFolder(clips, new ClipSet(settings, 24, ClipSet.Format.PNG, 8)).write(done -> {});
    SizeRule rule = new SizeRule(1, Optional.empty(), 16);
    return DatasetBuilder.build(
        clips, rule, new PixelEncoder(), temp.resolve("cache"), DatasetListener.NONE);
  }

  private Map<String, Tensor> firstWeights() throws IOException {
    Path model = temp.resolve("model");
    PrimerModel.make(model, SEED);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (VideoModel opened = VideoModel.open(ModelFiles.find(ModelSource.of(model)))) {
      for (String name : VAE.parameterShapes().asMap().keySet()) {
        weights.put(name, opened.vaeParameters().tensor(name).to(DType.F32));
      }
    }
    return weights;
  }

  private static Trainer.Example example(Tensor pixels, TorchRandom random) {
    Tensor frames = PIECE.draw(pixels, random);
    Tensor noise = random.randn(VaeObjective.latents(VAE, PIECE));
    return new Trainer.Example(
        frames.shape(), Map.of(TrainedVae.FRAMES, frames, VaeObjective.NOISE, noise));
  }

  @Test
  void theLossFalls() throws IOException {
    Dataset data = data();
    Map<String, Tensor> weights = firstWeights();
    Graph graph = OBJECTIVE.graph(VAE, Parameters.of(weights), PIECE);
    weights.keySet().retainAll(graph.parameters().keySet());
    BatchOrder order = new BatchOrder(data.shapes(), 4, SEED);
    TorchRandom random = new TorchRandom(SEED);
    AdamW optimizer = new AdamW(new AdamW.Settings(0.9, 0.99, 1e-8, 0));
    LearningRate rate = LearningRate.cosine(3e-3, 0, STEPS).warmed(10);
    List<Double> losses = new ArrayList<>();
    try (Backend backend = Backends.named("cpu").open(BackendOptions.defaults());
        Trainer trainer =
            new Trainer(
                backend,
                Parameters.of(weights),
                weights,
                size -> graph,
                new Trainer.Settings(1, false))) {
      DataPosition position = DataPosition.START;
      for (int step = 0; step < STEPS; step++) {
        List<Trainer.Example> examples = new ArrayList<>();
        for (int index : order.at(position)) {
          examples.add(example(data.sample(index).clip(), random));
        }
        Trainer.Report report = trainer.step(examples, optimizer, rate, RegionListener.NONE);
        losses.add(report.loss());
        position = order.next(position);
      }
    }
    double before = mean(losses.subList(0, 5));
    double after = mean(losses.subList(STEPS - 10, STEPS));
    System.out.printf("seed %d: loss %.3f, after %d steps %.3f%n", SEED, before, STEPS, after);
    assertThat(after).isLessThan(0.5 * before);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElseThrow();
  }
}
