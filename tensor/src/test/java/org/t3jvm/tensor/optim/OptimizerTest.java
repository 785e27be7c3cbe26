package org.t3jvm.tensor.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.t3jvm.tensor.TensorAssert.assertThatTensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

class OptimizerTest {
  private static final long SEED = 5;

  private static Tensor random(Random random, long n) {
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(n));
    for (long i = 0; i < n; i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    return tensor;
  }

  /** Against the formula in float64, over more elements than one block has. */
  @Test
  void adamWFollowsItsFormula() {
    Random random = new Random(SEED);
    int n = 70_001;
    Tensor weight = random(random, n);
    double[] w = new double[n];
    double[] m = new double[n];
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = weight.getDouble(i);
    }
    AdamW.Settings settings = new AdamW.Settings(0.8, 0.95, 1e-6, 0.1);
    AdamW adam = new AdamW(settings, 2);
    for (int step = 1; step <= 3; step++) {
      Tensor gradient = random(random, n);
      adam.step(Map.of("w", weight), Map.of("w", gradient), 0.03);
      for (int i = 0; i < n; i++) {
        double g = gradient.getDouble(i);
        m[i] = 0.8 * m[i] + 0.2 * g;
        v[i] = 0.95 * v[i] + 0.05 * g * g;
        double mean = m[i] / (1 - Math.pow(0.8, step));
        double square = v[i] / (1 - Math.pow(0.95, step));
        w[i] -= 0.03 * 0.1 * w[i] + 0.03 * mean / (Math.sqrt(square) + 1e-6);
      }
    }
    for (int i = 0; i < n; i++) {
      assertThat(weight.getDouble(i))
          .as("element %d, seed %d", i, SEED)
          .isCloseTo(w[i], within(2e-6));
    }
  }

  @Test
  void aRestoredOptimizerGoesOnToTheSameBits() {
    Random random = new Random(SEED);
    Tensor weight = random(random, 100);
    Tensor copy = Tensor.allocate(DType.F32, weight.shape());
    List<Tensor> gradients = List.of(random(random, 100), random(random, 100), random(random, 100));
    AdamW adam = new AdamW(AdamW.Settings.USUAL, 2);
    adam.step(Map.of("w", weight), Map.of("w", gradients.getFirst()), 1e-3);
    AdamW other = new AdamW(AdamW.Settings.USUAL, 2);
    other.restore(adam.steps(), adam.state());
    copy.copyFrom(weight);
    for (Tensor gradient : gradients) {
      adam.step(Map.of("w", weight), Map.of("w", gradient), 1e-3);
      other.step(Map.of("w", copy), Map.of("w", gradient), 1e-3);
    }
    assertThatTensor(copy).hasBitsOf(weight);
  }

  @Test
  void sgdDescends() {
    Tensor weight = Tensor.ofFloats(Shape.of(2), 1, -2);
    Tensor gradient = Tensor.ofFloats(Shape.of(2), 0.5f, 4);
    new Sgd(0.25, 1).step(Map.of("w", weight), Map.of("w", gradient), 0.5);
    assertThatTensor(weight).hasElements(1e-7, 1 - 0.5 * (0.5 + 0.25), -2 - 0.5 * (4 - 0.5));
  }

  @Test
  void clipsToTheNormOfAll() {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    gradients.put("a", Tensor.ofFloats(Shape.of(2), 3, 0));
    gradients.put("b", Tensor.ofFloats(Shape.of(1), 4));
    double norm = GradientSet.norm(gradients, 2);
    assertThat(norm).isEqualTo(5);
    GradientSet.clip(gradients, norm, 10, 2);
    assertThatTensor(Objects.requireNonNull(gradients.get("b"))).hasElements(0, 4);
    GradientSet.clip(gradients, norm, 1, 2);
    assertThatTensor(Objects.requireNonNull(gradients.get("a"))).hasElements(1e-6, 0.6, 0);
    assertThatTensor(Objects.requireNonNull(gradients.get("b"))).hasElements(1e-6, 0.8);
  }

  @Test
  void theNormOfWhatIsNotFiniteIsNot() {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      Map<String, Tensor> gradients = Map.of("a", Tensor.ofFloats(Shape.of(3), 1, bad, 2));
      assertThat(Double.isFinite(GradientSet.norm(gradients, 2))).isFalse();
    }
  }

  @Test
  void sumsGradients() {
    Map<String, Tensor> sums = Map.of("a", Tensor.ofFloats(Shape.of(2), 1, 2));
    GradientSet.add(sums, Map.of("a", Tensor.ofFloats(Shape.of(2), 10, 20)), 2);
    GradientSet.scale(sums, 0.5f, 2);
    assertThatTensor(Objects.requireNonNull(sums.get("a"))).hasElements(0, 5.5, 11);
  }

  /** Blocks of several tensors, the last of each not full. */
  @Test
  void threadsChangeNoBit() {
    Map<String, Tensor> one = stepped(1);
    for (int threads : new int[] {2, 7}) {
      Map<String, Tensor> other = stepped(threads);
      one.forEach(
          (name, weight) ->
              assertThatTensor(Objects.requireNonNull(other.get(name))).hasBitsOf(weight));
    }
  }

  private static Map<String, Tensor> stepped(int threads) {
    Random random = new Random(SEED);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (int size : new int[] {150_000, 3, 70_001}) {
      weights.put("w" + size, random(random, size));
      gradients.put("w" + size, random(random, size));
    }
    GradientSet.clip(gradients, GradientSet.norm(gradients, threads), 1, threads);
    new AdamW(AdamW.Settings.USUAL, threads).step(weights, gradients, 0.1);
    return weights;
  }

  @Test
  void averagesWeights() {
    Tensor weight = Tensor.ofFloats(Shape.of(1), 1);
    WeightAverage average = new WeightAverage(0.75, Map.of("w", weight), 2);
    weight.setDouble(0, 5);
    average.update(Map.of("w", weight));
    assertThatTensor(Objects.requireNonNull(average.weights().get("w"))).hasElements(0, 2);
  }

  @Test
  void ratesFollowTheirSchedules() {
    LearningRate constant = LearningRate.constant(3e-4);
    assertThat(constant.at(4)).isCloseTo(1e-4, within(1e-18));
    assertThat(constant.at(5)).isEqualTo(3e-4);
    LearningRate linear = LearningRate.linear(3, 1, 100);
    assertThat(linear.at(0)).isEqualTo(3);
    assertThat(linear.at(25)).isCloseTo(2.5, within(1e-15));
    assertThat(linear.at(200)).isEqualTo(1);
    LearningRate raised = LearningRate.cosine(3, 1, 100);
    assertThat(raised.at(50)).isCloseTo(2, within(1e-15));
    assertThat(raised.at(100)).isEqualTo(1);
    LearningRate cosine = LearningRate.cosine(2, 0, 100);
    assertThat(cosine.at(0)).isEqualTo(2);
    assertThat(cosine.at(50)).isCloseTo(1, within(1e-15));
    assertThat(cosine.at(100)).isZero();
    assertThat(cosine.at(200)).isZero();
    LearningRate warmed = cosine.warmed(10);
    assertThat(warmed.at(0)).isCloseTo(0.2, within(1e-15));
    assertThat(warmed.at(50)).isCloseTo(1, within(1e-15));
  }

  @Test
  void namesAGradientThatDoesNotFit() {
    Tensor weight = Tensor.ofFloats(Shape.of(2), 1, 2);
    AdamW adam = new AdamW(AdamW.Settings.USUAL, 2);
    assertThatThrownBy(() -> adam.step(Map.of("w", weight), Map.of(), 1))
        .hasMessage("there is no gradient of 'w'");
    Tensor other = Tensor.ofFloats(Shape.of(1), 1);
    assertThatThrownBy(() -> adam.step(Map.of("w", weight), Map.of("w", other), 1))
        .hasMessageContaining("weight 'w' is")
        .hasMessageContaining("both must be F32 of one shape");
    assertThat(adam.steps()).isZero();
  }
}
