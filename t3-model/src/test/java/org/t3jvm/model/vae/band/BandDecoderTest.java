package org.t3jvm.model.vae.band;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.random.TorchRandom;

/** Bands of rows give the frames of the whole plane, bit for bit, for the same work. */
class BandDecoderTest {
  private static final long SEED = 31;
  private static final int FRAMES = 3;
  private static final VaeConfig WAN21 = VaeConfig.wan21(4);
  private static final VaeConfig WAN22 = VaeConfig.wan22(3, 4);
  private static final VaeConfig TAEW22 = VaeConfig.taew22(3);

  static Stream<Arguments> bands() {
    return Stream.of(
        Arguments.of(WAN21, "cpu", 5, 34, List.of(1, 2, 4, 9, 17)),
        Arguments.of(WAN22, "cpu", 3, 17, List.of(1, 3, 8)),
        Arguments.of(WAN21, "cpu", 1, 33, List.of(1, 13)),
        Arguments.of(WAN21, "reference", 3, 2, List.of(2, 15)),
        Arguments.of(WAN22, "reference", 2, 1, List.of(1, 14)),
        Arguments.of(TAEW22, "cpu", 2, 33, List.of(1, 3, 8)),
        Arguments.of(VaeConfig.taew21(2), "reference", 2, 2, List.of(2, 15)));
  }

  static Stream<Arguments> bandsOnDevices() {
    return Stream.of("opencl", "ptx", "cuda")
        .filter(name -> Backends.named(name).availability() instanceof Availability.Usable)
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(WAN21, name, 3, 2, List.of(8)),
                    Arguments.of(WAN22, name, 2, 1, List.of(14))));
  }

  @ParameterizedTest
  @MethodSource("bands")
  void bandsEqualTheWholePlane(
      VaeConfig config, String backendName, int height, int width, List<Integer> bandRows)
      throws IOException {
    // Latent rows that the result lags behind: sums of the 3x3 convolutions at each scale.
    int lag = List.of(WAN21, WAN22).contains(config) ? 13 : 17;
    Parameters weights = Parameters.of(RandomWeights.of(config.parameterShapes(), SEED));
    Tensor latents =
        new TorchRandom(SEED).randn(Shape.of(FRAMES, config.latentChannels(), height, width));
    try (Backend backend = Backends.named(backendName).open(BackendOptions.defaults())) {
      List<Tensor> whole = new ArrayList<>();
      try (VaeDecoder decoder =
          new VaeDecoder(backend, config, weights, height, width, Taps.NONE)) {
        for (int t = 0; t < FRAMES; t++) {
          whole.add(decoder.decode(frame(latents, t), RegionListener.NONE));
        }
      }
      for (int rows : bandRows) {
        DecodeBands bands = new DecodeBands(config, weights, height, width, rows);
        assertThat(bands.count()).isEqualTo(Math.ceilDiv(height + lag, rows));
        List<Tensor> decoded = decode(backend, weights, bands, latents, whole);
        for (int t = 0; t < FRAMES; t++) {
          String what = "seed %d, bands of %d rows, latent frame %d".formatted(SEED, rows, t);
          Golden.within(what, decoded.get(t), whole.get(t), 0);
        }
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("bandsOnDevices")
  @Tag("process")
  void bandsEqualTheWholePlaneOnDevices(
      VaeConfig config, String backendName, int height, int width, List<Integer> bandRows)
      throws IOException {
    bandsEqualTheWholePlane(config, backendName, height, width, bandRows);
  }

  /** Latents [1, z, h, w] of a frame as [z, 1, h, w]. */
  private static Tensor frame(Tensor latents, int t) {
    return Golden.swapped(latents.rows(t, 1));
  }

  /** Frames [F, H, W, 3] of each latent frame, put together from the bands' rows. */
  private static List<Tensor> decode(
      Backend backend, Parameters weights, DecodeBands bands, Tensor latents, List<Tensor> like)
      throws IOException {
    List<Tensor> frames = like.stream().map(x -> Tensor.allocate(DType.F32, x.shape())).toList();
    BandDecoder decoder = new BandDecoder(backend, weights, bands);
    List<Integer> steps = new ArrayList<>();
    int[] nextRow = new int[FRAMES];
    decoder.decode(
        FRAMES,
        t -> frame(latents, t),
        RegionListener.NONE,
        new BandDecoder.Listener() {
          @Override
          public void step(int step) {
            steps.add(step);
          }

          @Override
          public void decoded(int t, int firstRow, Tensor pixels, boolean last) {
            Tensor whole = frames.get(t);
            long height = whole.shape().dim(1);
            int rows = pixels.shape().intDim(1);
            assertThat(firstRow).as("frame %d", t).isEqualTo(nextRow[t]);
            nextRow[t] += rows;
            assertThat(nextRow[t] == height).as("row %d of %d", nextRow[t], height).isEqualTo(last);
            long line = whole.shape().inner(1) * Float.BYTES;
            for (long f = 0; f < whole.shape().dim(0); f++) {
              MemorySegment.copy(
                  pixels.segment(),
                  f * rows * line,
                  whole.segment(),
                  (f * height + firstRow) * line,
                  rows * line);
            }
          }
        });
    assertThat(steps).hasSize(decoder.steps(FRAMES)).isSorted().doesNotHaveDuplicates();
    return frames;
  }

  static Stream<Arguments> releases() {
    return Stream.of(
        Arguments.of(VaeConfig.wan21(96), 272, 480, 8),
        Arguments.of(VaeConfig.wan21(96), 272, 480, 57),
        Arguments.of(VaeConfig.wan22(160, 256), 136, 240, 5));
  }

  @ParameterizedTest
  @MethodSource("releases")
  void bandsOf4KNeedTheWorkOfTheWholePlane(VaeConfig config, int height, int width, int rows) {
    Map<String, Shape> shapes = config.parameterShapes().asMap();
    ParameterTypes types =
        name -> new TensorType(DType.F32, Objects.requireNonNull(shapes.get(name), name));
    DecodeBands bands = new DecodeBands(config, types, height, width, rows);
    double whole = flop(VaeDecoder.laterFrame(config, types, height, width));
    double sum = flop(bands.trunk(false));
    for (int index = 0; index < bands.count(); index++) {
      sum += flop(bands.band(index, false));
    }
    assertThat(sum / whole).as("%s, bands of %d rows", config, rows).isCloseTo(1, within(1e-12));
  }

  private static double flop(Graph graph) {
    return graph.values().stream().mapToDouble(OpWork::flop).sum();
  }
}
