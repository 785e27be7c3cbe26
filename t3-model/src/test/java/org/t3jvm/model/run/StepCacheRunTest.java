package org.t3jvm.model.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.job.Sampler;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.model.sampling.Schedulers;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.state.RunState;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.random.TorchRandom;

/** Denoising of a small DiT with step caches. */
class StepCacheRunTest {
  private static final long SEED = 5;
  private static final int STEPS = 12;
  private static final Shape LATENTS = Shape.of(48, 2, 4, 6);
  private static final DitConfig CONFIG = new DitConfig(48, 48, 48, 2, 80, 2, 64, 64, 2, 2);
  private static final Backend backend = Backends.named("cpu").open(BackendOptions.defaults());

  private static final Prompts PROMPTS =
      new Prompts(
          new TorchRandom(SEED + 1).randn(Shape.of(3, 64)),
          new TorchRandom(SEED + 2).randn(Shape.of(2, 64)));

  @AfterAll
  static void close() {
    backend.close();
  }

  private static DitExpert expert(long seed, float lowestTimestep) {
    return new DitExpert(
        CONFIG, Parameters.of(RandomWeights.of(CONFIG.parameterShapes(), seed)), lowestTimestep);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Result(float[] latents, int reused, List<RunState> states) {}

  private static Tensor copy(Tensor tensor) {
    Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
    copy.copyFrom(tensor);
    return copy;
  }

  private static RunState copy(RunState state) {
    Map<String, Tensor> solver = new LinkedHashMap<>();
    state.solver().forEach((name, tensor) -> solver.put(name, copy(tensor)));
    return new RunState(
        state.prompts(), state.firstFrame(), state.step(), copy(state.latents()), solver);
  }

  private static Result denoise(
      List<DitExpert> experts, @Nullable String cache, RunState start, Sampler sampler)
      throws IOException {
    List<RunState> states = new ArrayList<>();
    RunKeeper keeper =
        new RunKeeper() {
          @Override
          public void keep(RunState state) {
            states.add(copy(state));
          }
        };
    RunState own = copy(start);
    StepCacheOption option = cache == null ? null : StepCacheOption.parse(cache);
    Denoiser denoiser =
        new Denoiser(
            backend,
            experts,
            SelfAttentionPlan.full(),
            LATENTS,
            PROMPTS,
            null,
            Dit.Parts.WHOLE,
            option);
    int reused =
        denoiser.denoise(
            own, STEPS, 3, Schedulers.of(sampler, STEPS, 5, 1, 0), RunProgress.silent(), keeper);
    return new Result(own.latents().toFloats(), reused, states);
  }

  private static RunState noise() {
    return new RunState(PROMPTS, null, 0, new TorchRandom(SEED).randn(LATENTS), Map.of());
  }

  private static Result denoise(@Nullable String cache) throws IOException {
    return denoise(List.of(expert(SEED, 0)), cache, noise(), Sampler.EULER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"teacache:0", "easycache:0"})
  void aThresholdOfZeroGivesTheBitsOfNoCache(String cache) throws IOException {
    Result cached = denoise(cache);
    assertThat(cached.reused()).isZero();
    assertThat(cached.latents()).isEqualTo(denoise((String) null).latents());
  }

  @ParameterizedTest
  @CsvSource({"teacache:1000, 10", "easycache:1000, 8"})
  void aLargeThresholdComputesTheEndsOnly(String cache, int reused) throws IOException {
    Result cached = denoise(cache);
    assertThat(cached.reused()).isEqualTo(reused);
    assertThat(cached.latents()).isNotEqualTo(denoise((String) null).latents());
  }

  @ParameterizedTest
  @CsvSource({"teacache:1000, EULER", "easycache:1000, EULER", "teacache:1000, UNIPC"})
  void anotherProcessGoesOnWithTheSameBits(String cache, Sampler sampler) throws IOException {
    List<DitExpert> dit = List.of(expert(SEED, 0));
    Result whole = denoise(dit, cache, noise(), sampler);
    assertThat(whole.reused()).isPositive();
    for (int step : new int[] {1, 4, 7, STEPS - 1}) {
      RunState kept = whole.states().get(step);
      assertThat(kept.step()).isEqualTo(step);
      assertThat(denoise(dit, cache, kept, sampler).latents())
          .as("from step %d", step)
          .isEqualTo(whole.latents());
    }
  }

  @Test
  void aSecondDitsFirstStepIsComputed() throws IOException {
    List<DitExpert> dits = List.of(expert(1, 875), expert(2, 0));
    Result whole = denoise(dits, "teacache:1000", noise(), Sampler.EULER);
    assertThat(whole.reused()).as("of 12 steps: the first of both and the last").isEqualTo(9);
    RunState kept = whole.states().get(2);
    assertThat(denoise(dits, "teacache:1000", kept, Sampler.EULER).latents())
        .isEqualTo(whole.latents());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheBlocksAddStandsForTheBlocks(boolean separated) {
    CachedModel.Sides velocities = sides(LATENTS);
    CachedModel.Sides residuals = sides(Shape.of(12, CONFIG.dim()));
    CachedModel.Sides again = sides(LATENTS);
    Tensor latents = new TorchRandom(SEED).randn(LATENTS);
    try (CompiledDit dit =
        new CompiledDit(
            backend,
            expert(SEED, 0),
            SelfAttentionPlan.full(),
            LATENTS,
            PROMPTS,
            separated,
            Dit.Parts.WHOLE,
            true)) {
      dit.at(latents, 700, velocities, RunProgress.silent()).compute(residuals);
      CachedModel step = dit.at(latents, 700, again, RunProgress.silent());
      step.reuse(residuals);
      assertThat(step.modulation()).hasSize(6 * CONFIG.dim());
      assertThat(step.modulation())
          .isNotEqualTo(dit.at(latents, 100, again, RunProgress.silent()).modulation());
    }
    assertClose(again.positive(), velocities.positive());
    assertClose(
        Objects.requireNonNull(again.negative()), Objects.requireNonNull(velocities.negative()));
    assertThat(velocities.positive().toFloats())
        .isNotEqualTo(Objects.requireNonNull(velocities.negative()).toFloats());
  }

  private static CachedModel.Sides sides(Shape shape) {
    return new CachedModel.Sides(
        Tensor.allocate(DType.F32, shape), Tensor.allocate(DType.F32, shape));
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    double largest = 0;
    for (float value : expected.toFloats()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isPositive();
    for (long i = 0; i < expected.shape().elements(); i++) {
      assertThat(Math.abs(actual.getDouble(i) - expected.getDouble(i))).isLessThan(1e-5 * largest);
    }
  }
}
