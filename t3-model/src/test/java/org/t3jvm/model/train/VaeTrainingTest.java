package org.t3jvm.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.model.primer.PrimerModel;
import org.t3jvm.model.train.data.BatchOrder;
import org.t3jvm.model.train.data.DataPosition;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.DatasetBuilder;
import org.t3jvm.model.train.data.DatasetListener;
import org.t3jvm.model.train.data.encode.PixelCrop;
import org.t3jvm.model.train.data.encode.PixelEncoder;
import org.t3jvm.model.train.data.encode.SizeRule;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeFamily;
import org.t3jvm.model.world.WorldSettings;
import org.t3jvm.model.world.files.ClipFolder;
import org.t3jvm.model.world.files.ClipSet;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Carry;
import org.t3jvm.tensor.backend.ForwardingBackend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.rewrite.GraphRewriter;
import org.t3jvm.tensor.optim.AdamW;
import org.t3jvm.tensor.optim.LearningRate;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * A small autoencoder learns 200 clips, from files to steps; with one rule of reverse mode broken
 * it does not.
 */
@Tag("slow")
class VaeTrainingTest {
  private static final long SEED = 41;
  private static final VaeConfig VAE = new VaeConfig(VaeFamily.WAN21, 4, 4);
  private static final PixelCrop PIECE = new PixelCrop(1, 32, 32);
  private static final VaeObjective OBJECTIVE = new VaeObjective(4, 0.5f, 0, 2e-4f);
  private static final int CLIPS = 200;
  private static final int STEPS = 160;

  /** Reached by the last steps with right gradients only. */
  private static final double BOUND = 0.8;

  @TempDir static Path temp;

  @SuppressWarnings("NullAway.Init")
  private static Dataset data;

  @BeforeAll
  static void prepare() throws IOException {
    Path clips = temp.resolve("clips");
    WorldSettings settings = WorldSettings.trained(SEED, 32, 48, 1);
    new ClipFolder(clips, new ClipSet(settings, CLIPS, ClipSet.Format.PNG, 8)).write(done -> {});
    SizeRule rule = new SizeRule(1, Optional.empty(), 16);
    data =
        DatasetBuilder.build(
            clips, rule, new PixelEncoder(), temp.resolve("cache"), DatasetListener.NONE);
    assertThat(data.size()).isEqualTo(CLIPS);
  }

  private static Trainer.Example example(Tensor pixels, TorchRandom random) {
    Tensor frames = PIECE.draw(pixels, random);
    Tensor noise = random.randn(VaeObjective.latents(VAE, PIECE));
    return new Trainer.Example(
        frames.shape(), Map.of(TrainedVae.FRAMES, frames, VaeObjective.NOISE, noise));
  }

  @Test
  void theLossFallsBelowABound() throws IOException {
    assertThat(lastLoss(op -> false)).isLessThan(BOUND);
  }

  @Test
  void withARuleBrokenTheBoundIsNotReached() throws IOException {
    assertThat(lastLoss(op -> op instanceof GradientOp.NormGrad)).isGreaterThan(1.2 * BOUND);
    assertThat(lastLoss(op -> op instanceof GradientOp.Conv3dWeightGrad))
        .isGreaterThan(1.2 * BOUND);
  }

  /** Trains with the gradients of some ops turned round, and gives the loss of the last steps. */
  private static double lastLoss(Predicate<Op> broken) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    VAE.parameterShapes()
        .asMap()
        .forEach(
            (name, shape) ->
                weights.put(
                    name, Tensor.ofFloats(shape, PrimerModel.vae(SEED).values(name, shape))));
    Graph graph = OBJECTIVE.graph(VAE, Parameters.of(weights), PIECE);
    weights.keySet().retainAll(graph.parameters().keySet());
    BatchOrder order = new BatchOrder(data.shapes(), 4, SEED);
    TorchRandom random = new TorchRandom(SEED);
    AdamW optimizer = new AdamW(new AdamW.Settings(0.9, 0.99, 1e-8, 0), 2);
    LearningRate rate = LearningRate.cosine(4e-3, 0, STEPS).warmed(10);
    double last = 0;
    try (Backend backend =
            new Turning(Backends.named("cpu").open(BackendOptions.defaults()), broken);
        Trainer trainer =
            new Trainer(
                backend,
                Parameters.of(weights),
                weights,
                size -> graph,
                Trainer.Settings.usual(2))) {
      DataPosition position = DataPosition.START;
      for (int step = 0; step < STEPS; step++) {
        List<Trainer.Example> examples = new ArrayList<>();
        for (int index : order.at(position)) {
          examples.add(example(data.sample(index).clip(), random));
        }
        double loss = trainer.step(examples, optimizer, rate, RegionListener.NONE).loss();
        last += step >= STEPS - 10 ? loss / 10 : 0;
        position = order.next(position);
      }
    }
    System.out.printf("seed %d: loss of the last steps %.3f%n", SEED, last);
    return last;
  }

  /** A backend that computes some ops with the other sign. */
  private record Turning(Backend backend, Predicate<Op> turned) implements ForwardingBackend {
    @Override
    public Carry carry() {
      return backend.carry();
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
      Graph changed =
          GraphRewriter.rewrite(
              graph,
              (value, op, to) -> turned.test(op) ? to.affine(to.append(op), -1, 0) : to.append(op));
      return backend.compile(changed, parameters);
    }
  }
}
