package org.t3jvm.model.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.job.Sampler;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.sampling.Schedulers;
import org.t3jvm.model.state.RunState;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.random.TorchRandom;

/** FreeSwim's second pass, broken off and resumed, spilled, and with two DiTs (SPEC 20.5). */
class TwoPathResumeTest {
  private static final long SEED = 11;
  private static final DitConfig CONFIG = new DitConfig(16, 16, 24, 2, 32, 3, 16, 20, 2, 2);
  private static final Shape LATENTS = Shape.of(16, 2, 8, 12);
  private static final int STEPS = 6;

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @BeforeAll
  static void openBackend() {
    backend = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void closeBackend() {
    backend.close();
  }

  private static DitExpert expert(long seed, float lowest) {
    return new DitExpert(
        CONFIG, Parameters.of(RandomWeights.of(CONFIG.parameterShapes(), seed)), lowest);
  }

  private static TwoPathRun run(int cacheSteps, int inMemory, DitExpert... experts) {
    return new TwoPathRun(
        backend,
        List.of(experts),
        new InwardWindows(1, 1, 1, true),
        new TorchRandom(SEED).randn(Shape.of(5, CONFIG.textDim())),
        new TorchRandom(SEED + 1).randn(Shape.of(5, CONFIG.textDim())),
        cacheSteps,
        inMemory);
  }

  private static Scheduler scheduler() {
    return Schedulers.from(2, Sampler.UNIPC, STEPS + 2, 9);
  }

  private static TwoPathRun.Result denoise(TwoPathRun run) throws IOException {
    return run.denoise(new TorchRandom(SEED + 2).randn(LATENTS), 4, scheduler());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void aRunThatIsResumedAfterAnyStepGivesTheSameBits(int cacheSteps) throws IOException {
    TwoPathRun run = run(cacheSteps, 1, expert(SEED, 0));
    TwoPathRun.Result unbroken = denoise(run);
    for (RunState state : unbroken.states()) {
      if (state.step() == STEPS) {
        continue;
      }
      TwoPathRun.Result resumed = run.denoise(state, 4, scheduler());
      assertThat(resumed.latents().toFloats())
          .as("cache of %d steps, resumed after step %d, seed %d", cacheSteps, state.step(), SEED)
          .isEqualTo(unbroken.latents().toFloats());
    }
  }

  @Test
  void whatIsOnDiskGivesTheSameBits() throws IOException {
    float[] inMemory = denoise(run(3, CONFIG.layers(), expert(SEED, 0))).latents().toFloats();
    assertThat(denoise(run(3, 0, expert(SEED, 0))).latents().toFloats()).isEqualTo(inMemory);
    assertThat(denoise(run(0, 0, expert(SEED, 0))).latents().toFloats()).isNotEqualTo(inMemory);
  }

  /** What was kept of one DiT is of no use to another. */
  @Test
  void aSwitchOfTheDitRefreshes() throws IOException {
    Scheduler scheduler = scheduler();
    int first = 3;
    float lowest = (scheduler.timestep(first - 1) + scheduler.timestep(first)) / 2;
    DitExpert low = expert(SEED + 3, 0);
    // A cache as long as the run refreshes at its start alone.
    TwoPathRun.Result switched = denoise(run(STEPS, 1, expert(SEED, lowest), low));
    Tensor atSwitch = switched.steps().get(first).latents();
    TwoPathRun.Result alone =
        run(STEPS, 1, low)
            .denoise(atSwitch, 4, Schedulers.from(2 + first, Sampler.UNIPC, STEPS + 2, 9));
    assertThat(switched.steps().get(first).positive().toFloats())
        .as("seed %d", SEED)
        .isEqualTo(alone.steps().getFirst().positive().toFloats());
  }
}
