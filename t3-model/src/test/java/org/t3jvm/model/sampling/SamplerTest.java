package org.t3jvm.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.job.Sampler;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.random.TorchRandom;

/** What all solvers have in common, and what of it they refuse (SPEC 9, 10). */
class SamplerTest {
  @ParameterizedTest
  @EnumSource
  void namesAreThoseOfTheCommandLine(Sampler sampler) {
    assertThat(Sampler.named(sampler.toString())).isEqualTo(sampler);
  }

  @Test
  void unknownNamesListTheKnown() {
    assertThatThrownBy(() -> Sampler.named("ddim"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sampler 'ddim' is unknown, must be one of euler, unipc, dpm++, dmd");
  }

  /** With one clean sample behind all noise the path is straight, and every solver ends at it. */
  @ParameterizedTest
  @CsvSource({
    "EULER, 1, 1",
    "EULER, 7, 0.4",
    "UNIPC, 1, 1",
    "UNIPC, 2, 1",
    "UNIPC, 3, 0.5",
    "UNIPC, 30, 0.7",
    "DMD, 1, 1",
    "DMD, 3, 1",
    "DMD, 5, 0.6",
    "DPMPP, 1, 1",
    "DPMPP, 2, 1",
    "DPMPP, 3, 0.5",
    "DPMPP, 30, 0.7"
  })
  void aStraightPathIsFollowedToItsEnd(Sampler sampler, int steps, float strength) {
    Scheduler scheduler = Schedulers.of(sampler, steps, 5, strength, 0);
    Tensor clean = Tensor.ofFloats(Shape.of(1, 3), -0.5f, 0.25f, 2);
    Tensor latents =
        scheduler.addNoise(0, clean, Tensor.ofFloats(Shape.of(1, 3), 0.3f, -1.5f, 0.01f));
    for (int i = 0; i < steps; i++) {
      float[] now = latents.toFloats();
      float[] velocity = new float[now.length];
      for (int j = 0; j < now.length; j++) {
        velocity[j] = (float) ((now[j] - clean.getDouble(j)) / scheduler.sigma(i));
      }
      scheduler.step(i, Tensor.ofFloats(Shape.of(1, 3), velocity), latents);
    }
    for (int j = 0; j < 3; j++) {
      assertThat(latents.getDouble(j)).isCloseTo(clean.getDouble(j), Offset.offset(1e-5));
    }
  }

  /** FastWan's three levels are those of training nearest to its timesteps. */
  @Test
  void dmdPredictsTheCleanSampleAndNoisesItAnew() {
    long seed = 21;
    Shape shape = Shape.of(2, 3, 5);
    TorchRandom random = new TorchRandom(seed);
    Tensor latents = random.randn(shape);
    Tensor[] noise = {random.randn(shape), random.randn(shape)};
    double[] sigmas = new double[4];
    double[] steps = {1000, 757, 522};
    for (int i = 0; i < 3; i++) {
      double nearest = Double.MAX_VALUE;
      for (int k = 1; k <= 1000; k++) {
        double level = 8 * (k / 1000.0) / (1 + 7 * (k / 1000.0));
        if (Math.abs(1000 * level - steps[i]) < Math.abs(1000 * nearest - steps[i])) {
          nearest = level;
        }
      }
      sigmas[i] = nearest;
    }
    double[] expected = doubles(latents);
    Scheduler interrupted = Schedulers.of(Sampler.DMD, 3, 8, 1, seed);
    for (int i = 0; i < 3; i++) {
      if (i == 2) {
        interrupted = Schedulers.of(Sampler.DMD, 3, 8, 1, seed);
        interrupted.restore(2, Map.of());
      }
      assertThat(interrupted.timestep(i)).isEqualTo((float) steps[i]);
      assertThat(interrupted.sigma(i)).isCloseTo((float) sigmas[i], Offset.offset(1e-6f));
      Tensor velocity = new TorchRandom(i).randn(shape);
      interrupted.step(i, velocity, latents);
      for (int j = 0; j < expected.length; j++) {
        double clean = expected[j] - sigmas[i] * velocity.getDouble(j);
        double next = i < 2 ? noise[i].getDouble(j) : 0;
        expected[j] = (1 - sigmas[i + 1]) * clean + sigmas[i + 1] * next;
      }
    }
    assertThat(doubles(latents)).as("seed %d", seed).containsExactly(expected, Offset.offset(1e-5));
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[(int) tensor.shape().elements()];
    Arrays.setAll(values, tensor::getDouble);
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void strengthLowersTheFirstLevelAlikeForAll(Sampler sampler) {
    Scheduler scheduler = Schedulers.of(sampler, 8, 5, 0.6f, 0);
    assertThat(scheduler.steps()).isEqualTo(8);
    assertThat(scheduler.sigma(0)).isCloseTo(5 * 0.6f / (1 + 4 * 0.6f), Offset.offset(1e-6f));
  }

  @ParameterizedTest
  @EnumSource(names = {"UNIPC", "DPMPP"})
  void timestepsOfWansSolversAreIntegers(Sampler sampler) {
    Scheduler scheduler = Schedulers.of(sampler, 9, 3, 1, 0);
    for (int i = 0; i < 9; i++) {
      assertThat(scheduler.timestep(i)).isEqualTo((float) (int) scheduler.timestep(i));
      assertThat(scheduler.timestep(i))
          .isCloseTo(1000 * scheduler.sigma(i), Offset.offset(1.001f))
          .isLessThanOrEqualTo(1000 * scheduler.sigma(i) + 1e-3f);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNIPC", "DPMPP"})
  void stepsMustFollowEachOther(Sampler sampler) {
    Scheduler scheduler = Schedulers.of(sampler, 4, 5, 1, 0);
    Tensor latents = Tensor.ofFloats(Shape.of(2), 1, 2);
    Tensor velocity = Tensor.ofFloats(Shape.of(2), 1, 1);
    scheduler.step(0, velocity, latents);
    assertThatThrownBy(() -> scheduler.step(2, velocity, latents))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("step 1 must come next");
    assertThatThrownBy(
            () ->
                scheduler.step(1, Tensor.ofFloats(Shape.of(1), 1), Tensor.ofFloats(Shape.of(1), 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2]");
  }

  @Test
  void theStateHoldsWhatStepsToComeNeed() {
    Tensor latents = Tensor.ofFloats(Shape.of(2), 1, 2);
    Tensor velocity = Tensor.ofFloats(Shape.of(2), 0.5f, -1);
    Scheduler euler = Schedulers.of(Sampler.EULER, 4, 5, 1, 0);
    Scheduler unipc = Schedulers.of(Sampler.UNIPC, 4, 5, 1, 0);
    Scheduler dpmpp = Schedulers.of(Sampler.DPMPP, 4, 5, 1, 0);
    assertThat(unipc.state()).isEmpty();
    euler.step(0, velocity, latents);
    unipc.step(0, velocity, latents);
    dpmpp.step(0, velocity, latents);
    assertThat(euler.state()).isEmpty();
    assertThat(unipc.state()).containsOnlyKeys("corrected", "clean");
    assertThat(dpmpp.state()).containsOnlyKeys("clean");
    unipc.step(1, velocity, latents);
    assertThat(unipc.state()).containsOnlyKeys("corrected", "clean", "clean_before");
  }

  @Test
  void aStateOfAnotherSolverOrStepIsRefused() {
    Map<String, Tensor> state = new HashMap<>(Map.of("clean", Tensor.ofFloats(Shape.of(2), 1, 2)));
    assertThatThrownBy(() -> Schedulers.of(Sampler.UNIPC, 4, 5, 1, 0).restore(1, state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before step 1")
        .hasMessageContaining("[clean, corrected]");
    assertThatThrownBy(() -> Schedulers.of(Sampler.EULER, 4, 5, 1, 0).restore(1, state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds [clean], must hold []");
    assertThatThrownBy(() -> Schedulers.of(Sampler.DPMPP, 4, 5, 1, 0).restore(5, state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before step 5");
    state.put("corrected", Tensor.ofFloats(Shape.of(3), 1, 2, 3));
    assertThatThrownBy(() -> Schedulers.of(Sampler.UNIPC, 4, 5, 1, 0).restore(1, state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3]");
  }

  @ParameterizedTest
  @CsvSource({
    "UNIPC, 0, 5, 1, steps",
    "UNIPC, 4, 5, 1.5, strength",
    "DPMPP, 4, -1, 1, shift",
    "DPMPP, 4, 1e12, 1, share noise levels"
  })
  void valuesOutOfRangeAreNamed(
      Sampler sampler, int steps, float shift, float strength, String named) {
    assertThatThrownBy(() -> Schedulers.of(sampler, steps, shift, strength, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
