package org.t3jvm.model.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.event.RunEvent;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.random.TorchRandom;

/** An image's latents stay latent frame 0, bit for bit, through all steps (SPEC 12). */
class FirstFrameTest {
  private static final long SEED = 5;
  private static final Shape LATENTS = Shape.of(48, 3, 4, 2);
  private static final Tensor IMAGE = new TorchRandom(SEED + 1).randn(LATENTS.with(1, 1));
  private static final DitConfig CONFIG = new DitConfig(48, 48, 48, 2, 80, 2, 64, 64, 2, 2);
  private static final DitExpert DIT =
      new DitExpert(CONFIG, Parameters.of(RandomWeights.of(CONFIG.parameterShapes(), SEED)), 0);

  /** Denoises from the same noise; gives latent frame 0 of what the model got at each step. */
  private static List<float[]> denoise(
      Backend backend, Tensor latents, @Nullable FirstFrame firstFrame) throws IOException {
    Prompts prompts = new Prompts(new TorchRandom(SEED + 2).randn(Shape.of(3, 64)), null);
    List<float[]> seen = new ArrayList<>();
    Denoiser denoiser =
        new Denoiser(
            backend,
            List.of(DIT),
            SelfAttentionPlan.full(),
            LATENTS,
            prompts,
            firstFrame,
            Dit.Parts.WHOLE,
            null);
    denoiser.denoise(
        latents,
        1,
        new FlowMatchScheduler(3, 5),
        RunProgress.to(
            event -> {
              if (event instanceof RunEvent.Computed(_, _, Map<String, Tensor> tensors)) {
                seen.add(
                    LatentFrames.get(Objects.requireNonNull(tensors.get("latents")), 0).toFloats());
              }
            }));
    return seen;
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void theImageIsWhatTheModelGetsAtEveryStep(String name) throws IOException {
    try (Backend backend = Backends.named(name).open(BackendOptions.defaults())) {
      Tensor latents = new TorchRandom(SEED).randn(LATENTS);
      Tensor noise = new TorchRandom(SEED).randn(LATENTS);
      assertThat(denoise(backend, latents, new FirstFrame(IMAGE)))
          .hasSize(3)
          .allSatisfy(frame -> assertThat(frame).isEqualTo(IMAGE.toFloats()));
      assertThat(LatentFrames.get(latents, 0).toFloats()).isEqualTo(IMAGE.toFloats());
      Tensor alone = new TorchRandom(SEED).randn(LATENTS);
      denoise(backend, alone, null);
      for (int t = 1; t < 3; t++) {
        assertThat(LatentFrames.get(latents, t).toFloats())
            .as("frame %d, seed %d", t, SEED)
            .isNotEqualTo(LatentFrames.get(noise, t).toFloats())
            .isNotEqualTo(LatentFrames.get(alone, t).toFloats());
      }
    }
  }

  @Test
  void framesOfAnotherSizeAreRefused() {
    Tensor small = Tensor.allocate(IMAGE.dtype(), Shape.of(48, 1, 2, 2));
    assertThatThrownBy(() -> new FirstFrame(small).impose(new TorchRandom(SEED).randn(LATENTS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a latent frame of")
        .hasMessageContaining("does not fit into");
  }
}
