package org.t3jvm.model.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.Compute;
import org.t3jvm.job.JobException;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.VideoJob;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.ModelFolder;
import org.t3jvm.model.golden.RecordedRun;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.random.TorchRandom;

/** Models of two DiTs, one for high noise and one for low, as Wan2.2-A14B (SPEC 18). */
class TwoDitsTest {
  private static final FixtureSet SET = FixtureSet.bundled();
  private static final DitConfig CONFIG = new DitConfig(16, 16, 48, 2, 80, 2, 64, 64, 2, 2);
  private static final Shape LATENTS = Shape.of(16, 2, 4, 6);
  private static final float GUIDANCE = 3;
  private static final long SEED = 14;

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @TempDir Path dir;

  @BeforeAll
  static void openBackend() {
    backend = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void closeBackend() {
    backend.close();
  }

  /** Steps {@code [from, to)} of a schedule, as a schedule of its own. */
  private record Part(Scheduler whole, int from, int to) implements Scheduler {
    @Override
    public int steps() {
      return to - from;
    }

    @Override
    public float sigma(int step) {
      return whole.sigma(from + step);
    }

    @Override
    public float timestep(int step) {
      return whole.timestep(from + step);
    }

    @Override
    public void step(int step, Tensor velocity, Tensor latents) {
      whole.step(from + step, velocity, latents);
    }
  }

  private static DitExpert expert(long seed, float lowestTimestep) {
    return new DitExpert(
        CONFIG, Parameters.of(RandomWeights.of(CONFIG.parameterShapes(), seed)), lowestTimestep);
  }

  private static void denoise(List<DitExpert> experts, Tensor latents, Scheduler scheduler)
      throws IOException {
    Prompts prompts =
        new Prompts(
            new TorchRandom(SEED).randn(Shape.of(7, CONFIG.textDim())),
            new TorchRandom(SEED + 1).randn(Shape.of(4, CONFIG.textDim())));
    Denoiser denoiser =
        new Denoiser(
            backend,
            experts,
            SelfAttentionPlan.full(),
            LATENTS,
            prompts,
            null,
            Dit.Parts.WHOLE,
            null);
    denoiser.denoise(latents, GUIDANCE, scheduler, RunProgress.silent());
  }

  @Test
  void theSwitchIsAtTimestep875() throws IOException {
    Scheduler schedule = new FlowMatchScheduler(6, 5);
    int high = 0;
    while (schedule.timestep(high) >= 875) {
      high++;
    }
    assertThat(high).as("steps of high noise among 6").isBetween(1, 5);
    DitExpert first = expert(1, 875);
    DitExpert second = expert(2, 0);
    Tensor switched = new TorchRandom(SEED).randn(LATENTS);
    denoise(List.of(first, second), switched, schedule);
    Tensor byHand = new TorchRandom(SEED).randn(LATENTS);
    denoise(List.of(expert(1, 0)), byHand, new Part(schedule, 0, high));
    denoise(List.of(expert(2, 0)), byHand, new Part(schedule, high, 6));
    assertThat(switched.toFloats()).as("seed %d", SEED).isEqualTo(byHand.toFloats());
    Tensor alone = new TorchRandom(SEED).randn(LATENTS);
    denoise(List.of(expert(1, 0)), alone, schedule);
    assertThat(switched.toFloats()).isNotEqualTo(alone.toFloats());
  }

  /** A folder of the tiny model with its DiT in both folders of the A14B release. */
  private static ModelFolder folder(Path path) throws IOException {
    ModelFolder model = ModelFolder.build(SET, path);
    Path high = Files.createDirectory(path.resolve("high_noise_model"));
    Path low = Files.createDirectory(path.resolve("low_noise_model"));
    Files.copy(path.resolve(ModelFolder.DIT), low.resolve(ModelFolder.DIT));
    Files.move(path.resolve(ModelFolder.DIT), high.resolve(ModelFolder.DIT));
    Files.move(path.resolve(ModelFolder.CONFIG), high.resolve(ModelFolder.CONFIG));
    return model;
  }

  private static GenerationRequest request() {
    return new GenerationRequest(
        "a fox", "blurred", 32, 32, 5, 3, GUIDANCE, 5, SEED, SelfAttentionPlan.full());
  }

  @Test
  void bothFoldersOfTheReleaseAreFound() throws IOException {
    ModelFolder alone = ModelFolder.build(SET, Files.createDirectory(dir.resolve("alone")));
    float[] video = RecordedRun.of(alone.files(), request(), backend).video().toFloats();
    Path path = Files.createDirectory(dir.resolve("both"));
    ModelFolder both = folder(path);
    ModelFiles files = both.files();
    assertThat(files.dit())
        .containsExactly(path.resolve("high_noise_model").resolve(ModelFolder.DIT));
    assertThat(files.ditLow())
        .containsExactly(path.resolve("low_noise_model").resolve(ModelFolder.DIT));
    assertThat(RecordedRun.of(files, request(), backend).video().toFloats())
        .as("twice the same DiT is one")
        .isEqualTo(video);
  }

  @Test
  void aMissingOrUnlikeSecondDitIsNamed() throws IOException {
    ModelFolder model = folder(dir);
    Path low = dir.resolve("low_noise_model").resolve(ModelFolder.DIT);
    Files.delete(low);
    assertThatThrownBy(model::files)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no DiT for low noise")
        .hasMessageContaining("files.ditLow FILE");
    DitConfig deeper = new DitConfig(16, 16, 72, 3, 100, 6, 64, 64, 2, 2);
    Map<String, Tensor> tensors = RandomWeights.of(deeper.parameterShapes(), SEED);
    SafetensorsWriter.write(
        low,
        tensors.entrySet().stream()
            .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
            .toList(),
        Parameters.of(tensors)::tensor,
        Map.of());
    assertThatThrownBy(() -> VideoModel.open(model.files()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("low_noise_model")
        .hasMessageContaining("is not a DiT of the same sizes as");
  }

  private Path lora(String name, int dim, long seed) throws IOException {
    String module = "diffusion_model.blocks.0.self_attn.q.";
    TorchRandom random = new TorchRandom(seed);
    Tensor down = random.randn(Shape.of(2, dim));
    Tensor up = random.randn(Shape.of(dim, 2));
    Path file = dir.resolve(name);
    SafetensorsWriter.write(
        file,
        List.of(
            TensorInfo.of(module + "lora_A.weight", down),
            TensorInfo.of(module + "lora_B.weight", up)),
        each -> each.contains("lora_A") ? down : up,
        Map.of());
    return file;
  }

  private static float[] changed(ModelFiles files, Compute compute, int expert) throws IOException {
    try (VideoModel model = VideoModel.open(files, compute, 1)) {
      return model
          .experts()
          .get(expert)
          .parameters()
          .tensor("blocks.0.self_attn.q.weight")
          .toFloats();
    }
  }

  @Test
  void eachDitHasItsOwnLoraAndStrength() throws IOException {
    ModelFolder alone = ModelFolder.build(SET, Files.createDirectory(dir.resolve("alone")));
    ModelFiles both = folder(Files.createDirectory(dir.resolve("both"))).files();
    int dim;
    try (VideoModel model = VideoModel.open(both)) {
      dim = model.ditConfig().dim();
    }
    Path high = lora("high.safetensors", dim, 3);
    Path low = lora("low.safetensors", dim, 4);
    Compute byHigh = VideoJob.of("x").lora(high, 0.5f).build().compute();
    Compute byLow = VideoJob.of("x").lora(low, 2).build().compute();
    Compute byBoth = VideoJob.of("x").lora(high, 0.5f).loraLow(low, 2).build().compute();
    float[] highOnly = changed(alone.files(), byHigh, 0);
    float[] lowOnly = changed(alone.files(), byLow, 0);
    assertThat(highOnly).isNotEqualTo(lowOnly);
    assertThat(changed(both, byBoth, 0)).isEqualTo(highOnly);
    assertThat(changed(both, byBoth, 1)).isEqualTo(lowOnly);
    assertThat(changed(both, byHigh, 1)).as("one for both").isEqualTo(highOnly);
    assertThatThrownBy(() -> VideoModel.open(alone.files(), byBoth, 1))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "compute.lorasLow is for models of two DiTs, such as Wan2.2-T2V-A14B; this one has"
                + " one");
  }

  @Test
  void oneDitGivenAloneIsAlone() throws IOException {
    ModelFolder model = folder(dir);
    Path high = dir.resolve("high_noise_model").resolve(ModelFolder.DIT);
    Path low = dir.resolve("low_noise_model").resolve(ModelFolder.DIT);
    assertThat(
            ModelFiles.find(new ModelSource(model.path(), high, null, null, null, null, null))
                .ditLow())
        .isEmpty();
    assertThat(
            ModelFiles.find(new ModelSource(model.path(), high, low, null, null, null, null))
                .ditLow())
        .containsExactly(low);
  }
}
