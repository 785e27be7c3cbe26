package org.t3jvm.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.golden.Loaded;
import org.t3jvm.model.lora.LoraLayers;
import org.t3jvm.model.lora.LoraParameters;
import org.t3jvm.model.lora.LoraWeights;
import org.t3jvm.model.train.data.DataPosition;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.optim.AdamW;
import org.t3jvm.tensor.optim.LearningRate;
import org.t3jvm.tensor.optim.Optimizer;
import org.t3jvm.tensor.optim.Sgd;
import org.t3jvm.tensor.optim.WeightAverage;
import org.t3jvm.tensor.random.TorchRandom;

/** Training of the tiny DiT of the fixtures. */
@Tag("slow")
class TrainerTest {
  private static final long SEED = 17;
  private static final Shape LATENTS = Shape.of(16, 2, 4, 6);
  private static final int TEXT_ROWS = 5;
  private static final LoraLayers LORA = new LoraLayers(LoraLayers.DEFAULT, LoraLayers.ALL, 4, 8);

  @TempDir Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private Loaded weights;
  private DitConfig config;
  private DitExamples examples;
  private Graph base;

  @BeforeEach
  void open() throws IOException {
    weights = opened(Loaded.open(FixtureSet.bundled().folder().resolve("dit13/model.safetensors")));
    config = DitConfig.infer(weights.shapes(), OptionalInt.of(3));
    examples = new DitExamples(config, Objective.VELOCITY, TEXT_ROWS);
    base = examples.graph(SelfAttentionPlan.full(), weights, LATENTS);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }

  private Backend cpu(int threads) {
    return opened(Backends.named("cpu").open(new BackendOptions(threads)));
  }

  private Trainer lora(Backend backend, Map<String, Tensor> tensors) {
    return opened(
        new Trainer(backend, weights, tensors, size -> LORA.over(base), Trainer.Settings.usual(2)));
  }

  private Map<String, Tensor> initial() {
    return LoraWeights.initial(LORA, base, SEED);
  }

  private static Sample sample(long seed) {
    TorchRandom random = new TorchRandom(seed);
    return new Sample(random.randn(LATENTS), random.randn(Shape.of(3 + seed % 3, 64)));
  }

  private Trainer.Example example(long number) {
    return examples.of(sample(number % 4), 0, 1, new TorchRandom(SEED + number));
  }

  private static Trainer.Report step(
      Trainer trainer, Optimizer optimizer, Trainer.Example... given) {
    return trainer.step(List.of(given), optimizer, step -> 3e-3, RegionListener.NONE);
  }

  /**
   * All weights, on examples at noise that training has not seen. With the sign of a linear layer's
   * gradient turned the loss stays above 0.95 of what it was.
   */
  @Test
  void theLossFalls() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    base.parameters()
        .keySet()
        .forEach(
            name -> {
              Tensor copy = Tensor.allocate(DType.F32, weights.tensor(name).shape());
              copy.copyFrom(weights.tensor(name));
              tensors.put(name, copy);
            });
    Trainer trainer =
        opened(
            new Trainer(cpu(2), weights, tensors, size -> base, new Trainer.Settings(1, true, 2)));
    Optimizer adam = new AdamW(AdamW.Settings.USUAL, 2);
    double before = loss(trainer);
    for (int step = 0; step < 150; step++) {
      assertThat(step(trainer, adam, example(step)).skipped()).isFalse();
    }
    double after = loss(trainer);
    System.out.printf("loss %.4f, after 150 steps %.4f%n", before, after);
    assertThat(after).isLessThan(0.6 * before);
  }

  /** The mean loss of some examples under the weights as they are. */
  private double loss(Trainer trainer) {
    double sum = 0;
    try (Backend backend = Backends.named("cpu").open(new BackendOptions(1));
        Program program = backend.compile(base, Parameters.of(trainer.weights()))) {
      for (int number = 1000; number < 1008; number++) {
        sum += Golden.named(program.run(example(number).inputs()), Objective.LOSS).getDouble(0);
      }
    }
    return sum / 8;
  }

  @Test
  void aResumedRunEqualsAnUnbrokenOne() throws IOException {
    Map<String, Tensor> unbroken = initial();
    AdamW adam = new AdamW(AdamW.Settings.USUAL, 2);
    WeightAverage average = new WeightAverage(0.9, unbroken, 2);
    run(lora(cpu(3), unbroken), adam, average, 0, 6);

    Map<String, Tensor> first = initial();
    AdamW firstAdam = new AdamW(AdamW.Settings.USUAL, 2);
    WeightAverage firstAverage = new WeightAverage(0.9, first, 2);
    run(lora(cpu(1), first), firstAdam, firstAverage, 0, 3);
    Path file = folder.resolve("state.safetensors");
    new TrainingState(
            "job",
            3,
            new DataPosition(1, 2),
            firstAdam.steps(),
            first,
            firstAdam.state(),
            firstAverage.weights())
        .write(file);

    TrainingState state = TrainingState.read(file);
    assertThat(state.job()).isEqualTo("job");
    assertThat(state.step()).isEqualTo(3);
    assertThat(state.position()).isEqualTo(new DataPosition(1, 2));
    AdamW resumed = new AdamW(AdamW.Settings.USUAL, 2);
    resumed.restore(state.optimizerSteps(), state.optimizer());
    WeightAverage resumedAverage = new WeightAverage(0.9, state.averages(), 2);
    run(lora(cpu(2), state.weights()), resumed, resumedAverage, 3, 6);

    sameBits(state.weights(), unbroken);
    sameBits(resumed.state(), adam.state());
    sameBits(resumedAverage.weights(), average.weights());
  }

  private void run(Trainer trainer, Optimizer adam, WeightAverage average, int from, int to) {
    for (int step = from; step < to; step++) {
      trainer.step(
          List.of(example(2L * step), example(2L * step + 1)),
          adam,
          LearningRate.constant(1e-3),
          RegionListener.NONE);
      average.update(trainer.weights());
    }
  }

  private static void sameBits(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, tensor) ->
            assertThat(Golden.named(actual, name).segment().mismatch(tensor.segment()))
                .as("first byte of %s that differs, seed %d", name, SEED)
                .isEqualTo(-1));
  }

  @Test
  void aStepWithAGradientThatIsNotFiniteIsSkipped() {
    Map<String, Tensor> tensors = initial();
    Trainer trainer = lora(cpu(2), tensors);
    Trainer.Example good = example(0);
    Map<String, Tensor> inputs = new HashMap<>(good.inputs());
    inputs.put(Objective.WEIGHT, Tensor.ofFloats(Shape.of(1), Float.NaN));
    AdamW adam = new AdamW(AdamW.Settings.USUAL, 2);
    Trainer.Report report = step(trainer, adam, good, new Trainer.Example(good.size(), inputs));
    assertThat(report.skipped()).isTrue();
    assertThat(adam.steps()).isZero();
    sameBits(tensors, initial());
  }

  @Test
  void examplesCountAlike() {
    Trainer.Settings unclipped = new Trainer.Settings(Double.MAX_VALUE, false, 2);
    Map<String, Tensor> both = initial();
    Map<String, Tensor> one = initial();
    Map<String, Tensor> other = initial();
    Backend backend = cpu(2);
    List<Map<String, Tensor>> all = List.of(one, other, both);
    for (int i = 0; i < 3; i++) {
      try (Trainer trainer =
          new Trainer(backend, weights, all.get(i), size -> LORA.over(base), unclipped)) {
        Trainer.Example[] given =
            i == 2
                ? new Trainer.Example[] {example(0), example(1)}
                : new Trainer.Example[] {example(i)};
        step(trainer, new Sgd(0, 2), given);
      }
    }
    Map<String, Tensor> start = initial();
    both.forEach(
        (name, tensor) -> {
          for (long i = 0; i < tensor.shape().elements(); i++) {
            double mean =
                (Golden.named(one, name).getDouble(i) + Golden.named(other, name).getDouble(i)) / 2;
            double moved = tensor.getDouble(i) - Golden.named(start, name).getDouble(i);
            assertThat(tensor.getDouble(i))
                .as("%s at %d", name, i)
                .isCloseTo(mean, within(1e-6 + 1e-4 * Math.abs(moved)));
          }
        });
  }

  @Test
  void aWrittenLoraComputesWhatWasTrained() throws IOException {
    Map<String, Tensor> tensors = initial();
    Trainer trainer = lora(cpu(2), tensors);
    AdamW adam = new AdamW(AdamW.Settings.USUAL, 2);
    for (int step = 0; step < 4; step++) {
      step(trainer, adam, example(step));
    }
    Path file = folder.resolve("lora.safetensors");
    LoraWeights.write(file, LORA, tensors, Map.of());
    Map<String, Tensor> inputs = example(50).inputs();
    Tensor trained = velocity(LORA.over(base), over(tensors), inputs);
    Tensor plain = velocity(base, weights, inputs);
    try (Checkpoint lora = Checkpoints.open(file)) {
      LoraParameters merged =
          LoraParameters.over(
              weights, weights.checkpoint(), List.of(new LoraParameters.Opened(lora, 1)), true, 1);
      Golden.within("velocity", velocity(base, merged, inputs), trained, 2e-5);
      assertThatThrownBy(() -> Golden.within("velocity", plain, trained, 1e-3))
          .isInstanceOf(AssertionError.class);
    }
  }

  private Parameters over(Map<String, Tensor> tensors) {
    return name -> tensors.containsKey(name) ? Golden.named(tensors, name) : weights.tensor(name);
  }

  private Tensor velocity(Graph graph, Parameters parameters, Map<String, Tensor> inputs) {
    try (Program program = cpu(1).compile(graph, parameters)) {
      return Objects.requireNonNull(program.run(inputs).get(Dit.VELOCITY));
    }
  }

  @Test
  void namesAFileThatIsNoState() throws IOException {
    Path file = folder.resolve("lora.safetensors");
    LoraWeights.write(file, LORA, initial(), Map.of());
    assertThatThrownBy(() -> TrainingState.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": is no state of a training run");
    Files.writeString(file, "no file");
    assertThatThrownBy(() -> TrainingState.read(file)).hasMessageContaining(file.toString());
  }

  @Test
  void sharpSamplesHaveTheirSigma() {
    DitExamples sharp = new DitExamples(config, Objective.SHARP_SAMPLE, TEXT_ROWS);
    Trainer.Example each = sharp.of(sample(1), 0, 1, new TorchRandom(SEED));
    Graph graph = sharp.graph(SelfAttentionPlan.full(), weights, LATENTS);
    assertThat(each.inputs().keySet()).isEqualTo(graph.inputs().keySet());
    assertThat(example(4).inputs().keySet()).isEqualTo(base.inputs().keySet());
  }
}
