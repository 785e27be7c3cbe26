package org.t3jvm.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.optim.Sgd;
import org.t3jvm.tensor.random.TorchRandom;

/** Groups of examples against the same examples one by one, which other tests check. */
class ExampleGroupTest {
  private static final long SEED = 23;
  private static final int BATCH = 4;
  private static final Shape LATENTS = Shape.of(16, 3, 8, 12);
  private static final int LONGEST = 9;
  private static final DitConfig DIT = new DitConfig(16, 16, 48, 2, 64, 2, 32, 32, 2, 2);
  private static final Umt5Config TEXT = new Umt5Config(50, 32, 32, 48, 2, 2, 32);

  @Test
  void groupsAreDivisorsOfTheBatchWithEnoughRows() {
    assertThat(ExampleGroup.of(16, 144).count()).isEqualTo(4);
    assertThat(ExampleGroup.of(16, 24).count()).isEqualTo(8);
    assertThat(ExampleGroup.of(6, 144).count()).isEqualTo(3);
    assertThat(ExampleGroup.of(5, 144)).isEqualTo(ExampleGroup.ALONE);
    assertThat(ExampleGroup.of(1, 24)).isEqualTo(ExampleGroup.ALONE);
    assertThat(ExampleGroup.of(16, 32_760)).isEqualTo(ExampleGroup.ALONE);
  }

  @Test
  void aGroupGivesTheLossAndTheGradientsOfItsExamples() {
    same(SelfAttentionPlan.full());
  }

  @Test
  void soDoesOneInWindows() {
    same(T3WindowRule.forTokensOf(16).windows(DIT.grid(3, 8, 12)));
  }

  private static void same(SelfAttentionPlan plan) {
    DitExamples examples =
        new DitExamples(
            DIT,
            Objective.VELOCITY,
            LONGEST,
            NoiseDraw.stratified(4),
            Optional.of(new TrainedText(TEXT)));
    List<Trainer.Example> given =
        LongStream.range(0, BATCH)
            .mapToObj(i -> examples.of(sample(i), (int) i, BATCH, new TorchRandom(SEED + i)))
            .toList();
    Map<String, Tensor> alone = weights();
    Map<String, Tensor> grouped = weights();
    Graph one = examples.graph(plan, Parameters.of(alone), LATENTS);
    ExampleGroup group = ExampleGroup.of(BATCH, 72);
    assertThat(group.count()).isEqualTo(2);
    Trainer.Report expected = step(one, given, alone);
    List<Trainer.Example> joined =
        List.of(group.join(given.subList(0, 2)), group.join(given.subList(2, 4)));
    Trainer.Report report = step(group.graph(one), joined, grouped);
    assertThat(report.loss()).isCloseTo(expected.loss(), within(1e-5 * expected.loss()));
    assertThat(report.norm()).isCloseTo(expected.norm(), within(1e-4 * expected.norm()));
    grouped.forEach(
        (name, tensor) -> {
          double difference = difference(tensor, alone, name);
          double change = difference(tensor, weights(), name);
          assertThat(difference).as(name).isLessThanOrEqualTo(1e-4 * change + 1e-6);
        });
  }

  private static double difference(Tensor tensor, Map<String, Tensor> others, String name) {
    Tensor other = Objects.requireNonNull(others.get(name));
    double sum = 0;
    for (long i = 0; i < tensor.shape().elements(); i++) {
      sum += Math.pow(tensor.getDouble(i) - other.getDouble(i), 2);
    }
    return Math.sqrt(sum);
  }

  /** A step of gradient descent, whose change of the weights is the gradient. */
  private static Trainer.Report step(
      Graph graph, List<Trainer.Example> examples, Map<String, Tensor> weights) {
    try (Backend cpu = Backends.named("cpu").open(new BackendOptions(2));
        Trainer trainer =
            new Trainer(
                cpu,
                Parameters.of(Map.of()),
                weights,
                size -> graph,
                new Trainer.Settings(1e9, false, 2))) {
      return trainer.step(examples, new Sgd(0, 2), step -> 1, RegionListener.NONE);
    }
  }

  private static Sample sample(long seed) {
    TorchRandom random = new TorchRandom(SEED * seed);
    long[] ids = LongStream.range(0, LONGEST - seed).map(i -> (7 * i + seed) % 50).toArray();
    return new Sample(random.randn(LATENTS), Tensor.ofLongs(Shape.of(ids.length), ids));
  }

  private static Map<String, Tensor> weights() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    TorchRandom random = new TorchRandom(SEED);
    DIT.parameterShapes()
        .asMap()
        .forEach((name, shape) -> weights.put(name, weight(random, shape)));
    TEXT.parameterShapes()
        .asMap()
        .forEach((name, shape) -> weights.put(TrainedText.PREFIX + name, weight(random, shape)));
    return weights;
  }

  private static Tensor weight(TorchRandom random, Shape shape) {
    Tensor tensor = random.randn(shape);
    double scale = 0.5 / Math.sqrt((double) (shape.rank() < 2 ? 1 : shape.inner(0)));
    for (long i = 0; i < shape.elements(); i++) {
      tensor.setDouble(i, scale * tensor.getDouble(i));
    }
    return tensor;
  }
}
