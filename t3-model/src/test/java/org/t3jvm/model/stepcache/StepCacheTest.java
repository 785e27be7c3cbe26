package org.t3jvm.model.stepcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * The decisions of both caches, against plain float64 loops over the results of a synthetic model.
 */
class StepCacheTest {
  private static final int STEPS = 30;
  private static final int N = 24;
  private static final Shape SHAPE = Shape.of(2, 3, 2, 2);

  /** A run's recorded inputs: slowly changing latents and modulations, and a model of them. */
  private static final class Recorded {
    final float[][] latents = new float[STEPS][N];
    final float[][] modulations = new float[STEPS][N];
    final float[][] velocities = new float[STEPS][N];
    final float[][] opposites = new float[STEPS][N];

    Recorded(long seed) {
      Random random = new Random(seed);
      for (int s = 0; s < STEPS; s++) {
        for (int i = 0; i < N; i++) {
          double last = s == 0 ? random.nextGaussian() : latents[s - 1][i];
          latents[s][i] = (float) (last + 0.05 * random.nextDouble() * random.nextGaussian());
          double m = s == 0 ? random.nextGaussian() : modulations[s - 1][i];
          modulations[s][i] = (float) (m + 0.08 * random.nextDouble() * random.nextGaussian());
          velocities[s][i] = (float) Math.sin(3 * latents[s][i] + 0.02 * s);
          opposites[s][i] = (float) Math.cos(2 * latents[s][i]);
        }
      }
    }
  }

  /** The model at step {@code s}; its blocks add {@code 100 + s}, or 200 + s, to the tokens. */
  private record Model(Recorded run, int s, CachedModel.Sides velocities) implements CachedModel {
    private static void fill(@Nullable Tensor tensor, float[] values) {
      if (tensor != null) {
        tensor.copyFrom(Tensor.ofFloats(tensor.shape(), values));
      }
    }

    private static void fill(@Nullable Tensor tensor, float value) {
      for (int i = 0; tensor != null && i < tensor.shape().elements(); i++) {
        tensor.setDouble(i, value);
      }
    }

    @Override
    public float[] modulation() {
      return run.modulations[s];
    }

    @Override
    public void compute() {
      fill(velocities.positive(), run.velocities[s]);
      fill(velocities.negative(), run.opposites[s]);
    }

    @Override
    public void compute(Sides residuals) {
      compute();
      fill(residuals.positive(), 100 + s);
      fill(residuals.negative(), 200 + s);
    }

    @Override
    public void reuse(Sides residuals) {
      fill(velocities.positive(), (float) residuals.positive().getDouble(0));
      if (residuals.negative() != null) {
        fill(velocities.negative(), (float) residuals.negative().getDouble(0));
      }
    }
  }

  /** Velocities of both sides after each step; null where the model was asked. */
  private record Answers(List<Boolean> reused, List<float[]> positive, List<float[]> negative) {}

  private static StepCache cache(StepCacheOption option, int dim) {
    return StepCache.of(option, new StepCache.Run(STEPS, true, Shape.of(2, dim)));
  }

  private static Answers run(StepCacheOption option, int dim, Recorded recorded, int handOver) {
    Answers answers = new Answers(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    StepCache cache = cache(option, dim);
    CachedModel.Sides velocities =
        new CachedModel.Sides(Tensor.allocate(DType.F32, SHAPE), Tensor.allocate(DType.F32, SHAPE));
    for (int s = 0; s < STEPS; s++) {
      if (s == handOver) {
        StepCache other = cache(option, dim);
        other.restore(cache.state());
        cache = other;
      }
      Tensor latents = Tensor.ofFloats(SHAPE, recorded.latents[s]);
      boolean reused = cache.reuse(s, latents, velocities, new Model(recorded, s, velocities));
      answers.reused.add(reused);
      answers.positive.add(velocities.positive().toFloats());
      answers.negative.add(Objects.requireNonNull(velocities.negative()).toFloats());
    }
    return answers;
  }

  private static double mean(float[] a, float @Nullable [] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(b == null ? a[i] : (double) a[i] - b[i]);
    }
    return sum / a.length;
  }

  private static double teaPolynomial(int dim, double d) {
    return switch (dim) {
      case 1536 ->
          -5.21862437e4 * Math.pow(d, 4)
              + 9.23041404e3 * Math.pow(d, 3)
              - 5.28275948e2 * d * d
              + 1.36987616e1 * d
              - 4.99875664e-2;
      case 5120 ->
          -3.03318725e5 * Math.pow(d, 4)
              + 4.90537029e4 * Math.pow(d, 3)
              - 2.65530556e3 * d * d
              + 5.87365115e1 * d
              - 3.15583525e-1;
      default -> d;
    };
  }

  @ParameterizedTest
  @CsvSource({"64, 0.05", "64, 0.12", "1536, 0.25", "5120, 0.2", "1536, 0.4"})
  void teaCacheAddsUpChangesOfTheModulation(int dim, double threshold) {
    boolean both = false;
    for (long seed = 0; seed < 5; seed++) {
      Recorded recorded = new Recorded(seed);
      Answers answers =
          run(new StepCacheOption(StepCacheOption.Kind.TEACACHE, threshold), dim, recorded, -1);
      double sum = 0;
      int computed = 0;
      int count = 0;
      for (int s = 0; s < STEPS; s++) {
        boolean reuse = false;
        if (s > 0 && s < STEPS - 1) {
          float[] last = recorded.modulations[s - 1];
          double d = mean(recorded.modulations[s], last) / mean(last, null);
          sum += teaPolynomial(dim, d);
          reuse = sum < threshold;
        }
        if (!reuse) {
          sum = 0;
          computed = s;
        }
        count += reuse ? 1 : 0;
        assertThat(answers.reused.get(s)).as("seed %d, step %d", seed, s).isEqualTo(reuse);
        assertThat(answers.positive.get(s)[7])
            .isEqualTo(reuse ? 100 + computed : recorded.velocities[s][7]);
        assertThat(answers.negative.get(s)[7])
            .isEqualTo(reuse ? 200 + computed : recorded.opposites[s][7]);
      }
      both |= count > 0 && count < STEPS - 2;
    }
    assertThat(both).as("steps of both kinds were seen").isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.2})
  void easyCacheAddsUpForeseenChangesOfTheVelocity(double threshold) {
    boolean both = false;
    for (long seed = 0; seed < 5; seed++) {
      Recorded recorded = new Recorded(seed);
      Answers answers =
          run(new StepCacheOption(StepCacheOption.Kind.EASYCACHE, threshold), 8, recorded, -1);
      double sum = 0;
      double k = 0;
      int computed = 0;
      int count = 0;
      for (int s = 0; s < STEPS; s++) {
        boolean reuse = false;
        if (s >= 6 && s < STEPS - 1) {
          double moved = mean(recorded.latents[s], recorded.latents[s - 1]);
          sum += k * moved / mean(recorded.velocities[computed], null);
          reuse = sum < threshold;
        }
        float[] positive = recorded.velocities[s].clone();
        float[] negative = recorded.opposites[s].clone();
        for (int i = 0; reuse && i < N; i++) {
          float x = recorded.latents[computed][i];
          positive[i] = recorded.latents[s][i] + (recorded.velocities[computed][i] - x);
          negative[i] = recorded.latents[s][i] + (recorded.opposites[computed][i] - x);
        }
        assertThat(answers.reused.get(s)).as("seed %d, step %d", seed, s).isEqualTo(reuse);
        assertThat(answers.positive.get(s)).as("seed %d, step %d", seed, s).isEqualTo(positive);
        assertThat(answers.negative.get(s)).as("seed %d, step %d", seed, s).isEqualTo(negative);
        if (!reuse) {
          if (s > 0) {
            k =
                mean(recorded.velocities[s], recorded.velocities[computed])
                    / mean(recorded.latents[s], recorded.latents[computed]);
          }
          computed = s;
          sum = 0;
        }
        count += reuse ? 1 : 0;
      }
      both |= count > 0 && count < STEPS - 7;
    }
    assertThat(both).as("steps of both kinds were seen").isTrue();
  }

  @ParameterizedTest
  @CsvSource({"TEACACHE, 1536", "TEACACHE, 64", "EASYCACHE, 64"})
  void aThresholdOfZeroComputesEveryStep(StepCacheOption.Kind kind, int dim) {
    assertThat(run(new StepCacheOption(kind, 0), dim, new Recorded(3), -1).reused())
        .doesNotContain(true);
  }

  @ParameterizedTest
  @CsvSource({"TEACACHE, 0.12", "EASYCACHE, 0.05"})
  void anotherCacheGoesOnFromTheState(StepCacheOption.Kind kind, double threshold) {
    StepCacheOption option = new StepCacheOption(kind, threshold);
    Recorded recorded = new Recorded(4);
    Answers whole = run(option, 64, recorded, -1);
    for (int at = 1; at < STEPS; at++) {
      Answers resumed = run(option, 64, recorded, at);
      assertThat(resumed.reused()).as("handed over before step %d", at).isEqualTo(whole.reused());
      for (int s = 0; s < STEPS; s++) {
        assertThat(resumed.positive().get(s)).isEqualTo(whole.positive().get(s));
        assertThat(resumed.negative().get(s)).isEqualTo(whole.negative().get(s));
      }
    }
  }

  @Test
  void optionsAreParsed() {
    assertThat(StepCacheOption.parse("teacache")).hasToString("teacache:0.05");
    assertThat(StepCacheOption.parse("easycache:0.1"))
        .isEqualTo(new StepCacheOption(StepCacheOption.Kind.EASYCACHE, 0.1));
    for (String wrong : List.of("", "tea", "teacache:", "teacache:-1", "easycache:x", "magcache")) {
      assertThatThrownBy(() -> StepCacheOption.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is no step cache");
    }
  }
}
