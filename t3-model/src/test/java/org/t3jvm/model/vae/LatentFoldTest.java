package org.t3jvm.model.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.random.TorchRandom;

/** After a fold the latents have mean 0 and deviation 1, and the frames are the same. */
class LatentFoldTest {
  private static final VaeConfig CONFIG = VaeConfig.wan21(4);
  private static final int HEIGHT = 32;
  private static final int WIDTH = 48;

  private final Backend backend = Backends.named("cpu").open(BackendOptions.defaults());

  @AfterEach
  void close() {
    backend.close();
  }

  /** Random weights; norms of 1. */
  private static Map<String, Tensor> weights() {
    TorchRandom random = new TorchRandom(31);
    Map<String, Tensor> weights = new HashMap<>();
    CONFIG
        .parameterShapes()
        .asMap()
        .forEach(
            (name, shape) -> {
              Tensor values = random.randn(shape);
              double scale = Math.sqrt(1.0 / shape.inner(0));
              for (long i = 0; i < shape.elements(); i++) {
                double value = name.endsWith("gamma") ? 1 : values.getDouble(i) * scale;
                values.setDouble(i, value);
              }
              weights.put(name, values);
            });
    return weights;
  }

  private static Tensor frames(int seed) {
    Tensor frames = Tensor.allocate(DType.F32, Shape.of(5, HEIGHT, WIDTH, 3));
    TorchRandom random = new TorchRandom(seed);
    float level = random.nextUniform();
    for (long i = 0; i < frames.shape().elements(); i++) {
      frames.setDouble(i, level * (2 * random.nextUniform() - 1));
    }
    return frames;
  }

  private List<Tensor> encode(Parameters parameters) {
    List<Tensor> latents = new ArrayList<>();
    try (VaeEncoder encoder =
        new VaeEncoder(backend, CONFIG, parameters, HEIGHT, WIDTH, Taps.NONE)) {
      for (int clip = 0; clip < 4; clip++) {
        encoder.reset();
        latents.add(encoder.encode(frames(clip), region -> {}));
      }
    }
    return latents;
  }

  private float[] decode(Parameters parameters, Tensor latents) {
    Tensor first = Tensor.allocate(DType.F32, latents.shape().with(1, 1));
    int cells = latents.shape().intDim(2) * latents.shape().intDim(3);
    for (int i = 0; i < first.shape().elements(); i++) {
      first.setDouble(i, latents.getDouble((long) i / cells * 2 * cells + i % cells));
    }
    try (VaeDecoder decoder =
        VaeDecoder.unclamped(backend, CONFIG, parameters, HEIGHT / 8, WIDTH / 8)) {
      return decoder.decode(first, region -> {}).toFloats();
    }
  }

  @Test
  void normalisesLatentsAndKeepsFrames() {
    Map<String, Tensor> weights = weights();
    Parameters before = Parameters.of(weights);
    List<Tensor> latents = encode(before);
    LatentFold fold = LatentFold.of(latents);
    assertThat(fold.deviation()[0]).isNotCloseTo(1, within(0.05f));
    weights.putAll(fold.apply(CONFIG, before));
    Parameters after = Parameters.of(weights);
    List<Tensor> folded = encode(after);
    LatentFold measured = LatentFold.of(folded);
    for (int c = 0; c < CONFIG.latentChannels(); c++) {
      assertThat(measured.mean()[c]).as("mean of channel %d", c).isCloseTo(0, within(1e-3f));
      assertThat(measured.deviation()[c])
          .as("deviation of channel %d", c)
          .isLessThan(1.001f)
          .isGreaterThan(0.2f);
    }
    float[] expected = decode(before, latents.getFirst());
    float[] frames = decode(after, folded.getFirst());
    for (int i = 0; i < frames.length; i++) {
      assertThat(frames[i]).isCloseTo(expected[i], within(2e-3f));
    }
  }

  @Test
  void doesNotBlowUpACollapsedChannel() {
    Tensor latents = Tensor.ofFloats(Shape.of(2, 4), -4, 4, -4, 4, 3, 3, 3, 3);
    LatentFold fold = LatentFold.of(List.of(latents));
    assertThat(fold.mean()).containsExactly(0, 3);
    assertThat(fold.deviation()).containsExactly(4, 1);
  }

  @Test
  void needsLatents() {
    assertThatThrownBy(() -> LatentFold.of(List.of()))
        .hasMessage("there are no latents to measure");
  }
}
