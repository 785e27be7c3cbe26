package org.t3jvm.model.vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.random.TorchRandom;

/** SPEC 6 and 7: any chunking of a sequence gives the values of the whole. */
class ChunkedProgramTest {
  private static final long SEED = 20;
  private static final VaeConfig WAN21 = VaeConfig.wan21(4);
  private static final VaeConfig WAN22 = VaeConfig.wan22(3, 4);
  private static final Map<VaeConfig, Parameters> WEIGHTS = new HashMap<>();

  private static final Map<String, Backend> BACKENDS = new HashMap<>();

  @BeforeAll
  static void open() {
    for (String name : List.of("cpu", "reference")) {
      BACKENDS.put(name, Backends.named(name).open(BackendOptions.defaults()));
    }
  }

  @AfterAll
  static void close() {
    BACKENDS.values().forEach(Backend::close);
    BACKENDS.clear();
  }

  /**
   * The reference sums each value in the same order whatever the chunk's length; the cpu backend
   * need not, and norms over few channels enlarge what rounds differently.
   */
  private static double tolerance(String backend) {
    return backend.equals("reference") ? 0 : 1e-4;
  }

  private static Parameters weights(VaeConfig config) {
    return WEIGHTS.computeIfAbsent(
        config, key -> Parameters.of(RandomWeights.of(key.parameterShapes(), SEED)));
  }

  private static Backend backend(String name) {
    return Objects.requireNonNull(BACKENDS.get(name));
  }

  /** Each VAE on each backend. */
  private static Stream<Arguments> onEachBackend(List<List<Integer>> chunkings) {
    return Stream.of(WAN21, WAN22)
        .flatMap(
            config ->
                chunkings.stream()
                    .flatMap(
                        chunks ->
                            Stream.of(
                                Arguments.of(config, "cpu", chunks),
                                Arguments.of(config, "reference", chunks))));
  }

  static Stream<Arguments> latentChunkings() {
    return onEachBackend(
        List.of(
            List.of(1, 1, 1, 1, 1), List.of(2, 3), List.of(1, 4), List.of(4, 1), List.of(3, 1, 1)));
  }

  static Stream<Arguments> frameChunkings() {
    return onEachBackend(
        List.of(List.of(1, 4, 4, 4), List.of(5, 8), List.of(1, 12), List.of(9, 4)));
  }

  @ParameterizedTest
  @MethodSource("latentChunkings")
  void decodingInChunksEqualsDecodingTheWhole(
      VaeConfig config, String backend, List<Integer> chunks) {
    Tensor latents = new TorchRandom(SEED).randn(Shape.of(5, config.latentChannels(), 2, 3));
    int factor = config.spatialFactor();
    try (VaeDecoder decoder =
        new VaeDecoder(backend(backend), config, weights(config), 2, 3, Taps.NONE)) {
      Tensor whole = decode(decoder, latents, List.of(5));
      assertThat(whole.shape()).isEqualTo(Shape.of(17, 2L * factor, 3L * factor, 3));
      decoder.reset();
      Tensor parts = decode(decoder, latents, chunks);
      Golden.within("seed " + SEED + ", chunks " + chunks, parts, whole, tolerance(backend));
      requireVaried(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("frameChunkings")
  void encodingInChunksEqualsEncodingTheWhole(
      VaeConfig config, String backend, List<Integer> chunks) {
    int height = 2 * config.spatialFactor();
    int width = 3 * config.spatialFactor();
    Tensor frames = new TorchRandom(SEED).randn(Shape.of(13, height, width, 3));
    try (VaeEncoder encoder =
        new VaeEncoder(backend(backend), config, weights(config), height, width, Taps.NONE)) {
      Tensor whole = encode(encoder, frames, List.of(13));
      assertThat(whole.shape()).isEqualTo(Shape.of(4, config.latentChannels(), 2, 3));
      encoder.reset();
      Tensor parts = encode(encoder, frames, chunks);
      Golden.within("seed " + SEED + ", chunks " + chunks, parts, whole, tolerance(backend));
      requireVaried(whole);
    }
  }

  /** Frames that all look alike would hide a state that is lost. */
  private static void requireVaried(Tensor frames) {
    for (long i = 1; i < frames.shape().dim(0); i++) {
      assertThat(frames.rows(i, 1).toFloats())
          .as("seed %d, frame %d", SEED, i)
          .isNotEqualTo(frames.rows(i - 1, 1).toFloats());
    }
  }

  /** Frames of latents [T, z, h, w] that are decoded so many at a time. */
  private static Tensor decode(VaeDecoder decoder, Tensor latents, List<Integer> chunks) {
    List<Tensor> parts = new ArrayList<>();
    long at = 0;
    for (int length : chunks) {
      Tensor chunk = Golden.swapped(latents.rows(at, length));
      parts.add(decoder.decode(chunk, RegionListener.NONE));
      at += length;
    }
    return Golden.joined(parts);
  }

  /** Latents [T, z, h, w] of frames that are encoded so many at a time. */
  private static Tensor encode(VaeEncoder encoder, Tensor frames, List<Integer> chunks) {
    List<Tensor> parts = new ArrayList<>();
    long at = 0;
    for (int length : chunks) {
      Tensor latents = encoder.encode(frames.rows(at, length), RegionListener.NONE);
      parts.add(Golden.swapped(latents));
      at += length;
    }
    return Golden.joined(parts);
  }
}
