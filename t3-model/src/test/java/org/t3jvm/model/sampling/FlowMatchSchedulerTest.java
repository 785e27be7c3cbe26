package org.t3jvm.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** The scheduler against values that the reference computed under torch (SPEC 9), bit for bit. */
class FlowMatchSchedulerTest {
  private static final Pattern SCHEDULE =
      Pattern.compile("(steps(\\d+)\\.shift(\\d+)(?:\\.strength([\\d.]+))?)\\.sigmas");

  private static Checkpoint torch;

  @BeforeAll
  static void open() throws IOException, URISyntaxException {
    String name = "/fixtures/sched/flow_match.safetensors";
    torch =
        Checkpoints.open(
            Path.of(
                Objects.requireNonNull(FlowMatchSchedulerTest.class.getResource(name)).toURI()));
  }

  @AfterAll
  static void close() {
    torch.close();
  }

  static List<String> schedules() {
    return torch.entries().keySet().stream()
        .filter(name -> SCHEDULE.matcher(name).matches())
        .toList();
  }

  @Test
  void theFixtureHasItsSchedules() {
    assertThat(schedules()).hasSize(19);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void sigmasTimestepsAndStepsEqualTorch(String name) throws IOException {
    Matcher matcher = SCHEDULE.matcher(name);
    assertThat(matcher.matches()).isTrue();
    String prefix = matcher.group(1);
    String strength = matcher.group(4);
    FlowMatchScheduler scheduler =
        new FlowMatchScheduler(
            Integer.parseInt(matcher.group(2)),
            Float.parseFloat(matcher.group(3)),
            strength == null ? 1f : Float.parseFloat(strength));

    float[] sigmas = torch.tensor(name).toFloats();
    float[] timesteps = torch.tensor(prefix + ".timesteps").toFloats();
    assertThat(scheduler.steps()).isEqualTo(sigmas.length);
    for (int i = 0; i < sigmas.length; i++) {
      assertThat(scheduler.sigma(i)).as("%s sigma %d", prefix, i).isEqualTo(sigmas[i]);
      assertThat(scheduler.timestep(i)).as("%s timestep %d", prefix, i).isEqualTo(timesteps[i]);
    }
    if (strength == null) {
      replay(scheduler, prefix);
    }
  }

  private static void replay(Scheduler scheduler, String prefix) throws IOException {
    Tensor samples = torch.tensor(prefix + ".samples");
    Tensor outputs = torch.tensor(prefix + ".model_outputs");
    Tensor latents = Tensor.allocate(DType.F32, Shape.of(1, samples.shape().dim(1)));
    latents.copyFrom(samples.rows(0, 1));
    for (int i = 0; i < scheduler.steps(); i++) {
      scheduler.step(i, outputs.rows(i, 1), latents);
      assertThat(latents.toFloats())
          .as("%s after step %d", prefix, i)
          .containsExactly(samples.rows(i + 1, 1).toFloats());
    }
  }

  @ParameterizedTest
  @CsvSource({"0, add_noise.out_at_t0", "5, add_noise.out_at_t5"})
  void addNoiseEqualsTorch(int step, String expected) throws IOException {
    FlowMatchScheduler scheduler = new FlowMatchScheduler(10, 5f, 0.7f);
    Tensor noised =
        scheduler.addNoise(
            step, torch.tensor("add_noise.original"), torch.tensor("add_noise.noise"));
    assertThat(noised.toFloats()).containsExactly(torch.tensor(expected).toFloats());
  }

  @Test
  void trainingScheduleAndWeightsEqualTorch() throws IOException {
    FlowMatchScheduler scheduler = new FlowMatchScheduler(1000, 5f);
    float[] timesteps = torch.tensor("train1000.shift5.timesteps").toFloats();
    float[] expected = torch.tensor("train1000.shift5.weights").toFloats();
    float[] weights = scheduler.trainingWeights();
    for (int i = 0; i < 1000; i++) {
      assertThat(scheduler.timestep(i)).as("timestep %d", i).isEqualTo(timesteps[i]);
      assertThat(weights[i]).as("weight %d", i).isCloseTo(expected[i], within(1e-4f * expected[i]));
    }
  }

  @Test
  void latentsAndVelocityMustBeAlike() {
    Scheduler scheduler = new FlowMatchScheduler(2, 5f);
    Tensor latents = Tensor.allocate(DType.F32, Shape.of(2, 3));
    assertThatThrownBy(() -> scheduler.step(0, Tensor.allocate(DType.F32, Shape.of(3, 2)), latents))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3, 2]")
        .hasMessageContaining("[2, 3]");
    assertThatThrownBy(
            () -> scheduler.step(0, Tensor.allocate(DType.BF16, Shape.of(2, 3)), latents))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BF16");
  }

  @ParameterizedTest
  @CsvSource({"0, 5, 1, steps", "4, 0, 1, shift", "4, NaN, 1, shift", "4, 5, 0, strength"})
  void valuesOutOfRangeAreNamed(int steps, float shift, float strength, String named) {
    assertThatThrownBy(() -> new FlowMatchScheduler(steps, shift, strength))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
