package org.t3jvm.model.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * TAEHV's decoder against the published structure in plain loops, module by module over whole
 * frames [C][H][W] and the whole sequence.
 */
class TaehvTest {
  private static final long SEED = 17;

  /** The published decoder; numbers of modules are those of its sequence. */
  private static final class Published {
    private final Map<String, Tensor> weights;
    private List<double[][][]> frames;

    Published(Map<String, Tensor> weights, List<double[][][]> latents) {
      this.weights = weights;
      this.frames = latents;
    }

    List<double[][][]> decode(int patch) {
      each(value -> Math.tanh(value / 3) * 3);
      conv("1");
      each(value -> Math.max(value, 0));
      stage(3);
      stage(9);
      stage(15);
      each(value -> Math.max(value, 0));
      conv("22");
      List<double[][][]> kept = frames.subList(3, frames.size());
      return kept.stream().map(frame -> shuffle(frame, patch)).toList();
    }

    /** Three blocks, an upsampling, a growth over time and a convolution without a bias. */
    private void stage(int first) {
      for (int block = first; block < first + 3; block++) {
        block("decoder." + block + ".conv.");
      }
      frames = frames.stream().map(Published::doubled).toList();
      grow("decoder." + (first + 4) + ".conv");
      conv(String.valueOf(first + 5));
    }

    private void each(DoubleUnaryOperator function) {
      for (double[][][] frame : frames) {
        for (double[][] plane : frame) {
          for (double[] row : plane) {
            Arrays.setAll(row, x -> function.applyAsDouble(row[x]));
          }
        }
      }
    }

    private void conv(String module) {
      frames = frames.stream().map(frame -> conv("decoder." + module, frame)).toList();
    }

    private void block(String name) {
      List<double[][][]> results = new ArrayList<>();
      double[][][] past = zeros(frames.getFirst().length, frames.getFirst());
      for (double[][][] frame : frames) {
        double[][][] both = new double[2 * frame.length][][];
        System.arraycopy(frame, 0, both, 0, frame.length);
        System.arraycopy(past, 0, both, frame.length, frame.length);
        double[][][] y =
            conv(name + "4", rectified(conv(name + "2", rectified(conv(name + "0", both)))));
        for (int c = 0; c < y.length; c++) {
          for (int i = 0; i < y[c].length; i++) {
            for (int j = 0; j < y[c][i].length; j++) {
              y[c][i][j] = Math.max(0, y[c][i][j] + frame[c][i][j]);
            }
          }
        }
        results.add(y);
        past = frame;
      }
      frames = results;
    }

    private void grow(String name) {
      List<double[][][]> results = new ArrayList<>();
      for (double[][][] frame : frames) {
        double[][][] grown = conv(name, frame);
        for (int from = 0; from < grown.length; from += frame.length) {
          results.add(Arrays.copyOfRange(grown, from, from + frame.length));
        }
      }
      frames = results;
    }

    private double[][][] conv(String name, double[][][] x) {
      Tensor weight = Objects.requireNonNull(weights.get(name + ".weight"));
      Tensor bias = weights.get(name + ".bias");
      int kernel = weight.shape().intDim(3);
      double[][][] y = zeros(weight.shape().intDim(0), x);
      for (int o = 0; o < y.length; o++) {
        for (int i = 0; i < y[o].length; i++) {
          for (int j = 0; j < y[o][i].length; j++) {
            double sum = bias == null ? 0 : bias.getDouble(o);
            for (int c = 0; c < x.length; c++) {
              for (int k = 0; k < kernel * kernel; k++) {
                int row = i + k / kernel - kernel / 2;
                int column = j + k % kernel - kernel / 2;
                if (row >= 0 && row < x[c].length && column >= 0 && column < x[c][row].length) {
                  long at = ((long) o * x.length + c) * kernel * kernel + k;
                  sum += weight.getDouble(at) * x[c][row][column];
                }
              }
            }
            y[o][i][j] = sum;
          }
        }
      }
      return y;
    }

    private static double[][][] zeros(int channels, double[][][] like) {
      return new double[channels][like[0].length][like[0][0].length];
    }

    private static double[][][] rectified(double[][][] x) {
      for (double[][] plane : x) {
        for (double[] row : plane) {
          Arrays.setAll(row, j -> Math.max(0, row[j]));
        }
      }
      return x;
    }

    private static double[][][] doubled(double[][][] x) {
      double[][][] y = new double[x.length][2 * x[0].length][2 * x[0][0].length];
      for (int c = 0; c < y.length; c++) {
        for (int i = 0; i < y[c].length; i++) {
          for (int j = 0; j < y[c][i].length; j++) {
            y[c][i][j] = x[c][i / 2][j / 2];
          }
        }
      }
      return y;
    }

    /** {@code pixel_shuffle}, then [0, 1] to [-1, 1], clamped. */
    private static double[][][] shuffle(double[][][] x, int patch) {
      double[][][] y = new double[3][x[0].length * patch][x[0][0].length * patch];
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < y[c].length; i++) {
          for (int j = 0; j < y[c][i].length; j++) {
            int channel = c * patch * patch + i % patch * patch + j % patch;
            y[c][i][j] = 2 * Math.clamp(x[channel][i / patch][j / patch], 0.0, 1.0) - 1;
          }
        }
      }
      return y;
    }
  }

  private static Map<String, Tensor> weights(VaeConfig config) {
    Map<String, Tensor> weights = RandomWeights.of(config.parameterShapes(), SEED);
    // Pixels about the middle of [0, 1], so that clamping does not hide differences.
    Tensor bias = Objects.requireNonNull(weights.get("decoder.22.bias"));
    for (long i = 0; i < bias.shape().elements(); i++) {
      bias.setDouble(i, 0.5);
    }
    return weights;
  }

  @ParameterizedTest
  @CsvSource({"TAEW21, 1, cpu", "TAEW22, 2, cpu", "TAEW22, 2, reference"})
  void framesAreThoseOfThePublishedStructure(VaeFamily family, int patch, String backendName) {
    VaeConfig config = new VaeConfig(family, 0, 3);
    Map<String, Tensor> weights = weights(config);
    int z = config.latentChannels();
    Tensor latents = new TorchRandom(SEED).randn(Shape.of(z, 3, 2, 3));
    for (long i = 0; i < latents.shape().elements(); i += 7) {
      // Beyond what the bound lets pass.
      latents.setDouble(i, 40 * latents.getDouble(i));
    }
    List<double[][][]> frames = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      double[][][] frame = new double[z][2][3];
      for (int i = 0; i < z * 6; i++) {
        frame[i / 6][i % 6 / 3][i % 3] = latents.getDouble((i / 6 * 3L + t) * 6 + i % 6);
      }
      frames.add(frame);
    }
    List<double[][][]> expected = new Published(weights, frames).decode(patch);
    try (Backend backend = Backends.named(backendName).open(BackendOptions.defaults());
        VaeDecoder decoder =
            new VaeDecoder(backend, config, Parameters.of(weights), 2, 3, Taps.NONE)) {
      Tensor whole = decoder.decode(latents, RegionListener.NONE);
      assertThat(whole.shape()).isEqualTo(Shape.of(9, 16L * patch, 24L * patch, 3));
      double most = 0;
      double largest = 0;
      for (long i = 0; i < whole.shape().elements(); i++) {
        int frame = (int) (i / whole.shape().inner(0));
        long inFrame = i % whole.shape().inner(0) / 3;
        int width = 24 * patch;
        double value =
            expected.get(frame)[(int) (i % 3)][(int) (inFrame / width)][(int) (inFrame % width)];
        most = Math.max(most, Math.abs(value - whole.getDouble(i)));
        largest = Math.max(largest, Math.abs(value) < 1 ? Math.abs(value) : 0);
      }
      assertThat(most).as("seed %d, largest difference", SEED).isLessThan(2e-5);
      assertThat(largest).as("seed %d, values that are not clamped", SEED).isGreaterThan(0.1);
    }
  }

  @Test
  void itsTensorsAreThePublishedOnes() {
    Map<String, Shape> shapes = new VaeConfig(VaeFamily.TAEW22, 64, 64).parameterShapes().asMap();
    assertThat(shapes)
        .containsEntry("encoder.0.weight", Shape.of(64, 12, 3, 3))
        .containsEntry("encoder.2.conv.weight", Shape.of(64, 128, 1, 1))
        .containsEntry("encoder.3.weight", Shape.of(64, 64, 3, 3))
        .containsEntry("encoder.12.conv.weight", Shape.of(64, 64, 1, 1))
        .containsEntry("encoder.17.bias", Shape.of(48))
        .containsEntry("decoder.1.weight", Shape.of(256, 48, 3, 3))
        .containsEntry("decoder.3.conv.0.weight", Shape.of(256, 512, 3, 3))
        .containsEntry("decoder.7.conv.weight", Shape.of(256, 256, 1, 1))
        .containsEntry("decoder.8.weight", Shape.of(128, 256, 3, 3))
        .containsEntry("decoder.13.conv.weight", Shape.of(256, 128, 1, 1))
        .containsEntry("decoder.17.conv.4.bias", Shape.of(64))
        .containsEntry("decoder.19.conv.weight", Shape.of(128, 64, 1, 1))
        .containsEntry("decoder.20.weight", Shape.of(64, 64, 3, 3))
        .containsEntry("decoder.22.weight", Shape.of(12, 64, 3, 3))
        .doesNotContainKeys("encoder.3.bias", "decoder.7.conv.bias", "decoder.20.bias");
    VaeConfig config = VaeConfig.infer(shapes);
    assertThat(config).isEqualTo(new VaeConfig(VaeFamily.TAEW22, 64, 64));
    assertThat(config.encodes()).isFalse();
    assertThat(config.spatialFactor()).isEqualTo(16);
    assertThat(VaeConfig.infer(VaeConfig.taew21(64).parameterShapes().asMap()))
        .isEqualTo(VaeConfig.taew21(64));
  }

  @Test
  void thoseOfOtherModelsAreRefused() {
    Map<String, Shape> hunyuan =
        new LinkedHashMap<>(VaeConfig.taew22(64).parameterShapes().asMap());
    hunyuan.put("decoder.1.weight", Shape.of(256, 32, 3, 3));
    assertThatThrownBy(() -> VaeConfig.infer(hunyuan))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("32 latent channels")
        .hasMessageContaining("taew2_2");
    Map<String, Shape> wide = new LinkedHashMap<>(VaeConfig.taew22(64).parameterShapes().asMap());
    wide.put("decoder.3.conv.0.weight", Shape.of(512, 1, 7, 7));
    assertThatThrownBy(() -> VaeConfig.infer(wide))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("blocks of another kind");
  }

  @Test
  void aChunkIsDecodedAsInTheWhole() {
    VaeConfig config = VaeConfig.taew21(3);
    Tensor latents = new TorchRandom(SEED).randn(Shape.of(16, 3, 2, 3));
    try (Backend backend = Backends.named("cpu").open(BackendOptions.defaults());
        VaeDecoder decoder =
            new VaeDecoder(backend, config, Parameters.of(weights(config)), 2, 3, Taps.NONE)) {
      Tensor whole = decoder.decode(latents, RegionListener.NONE);
      decoder.reset();
      List<Tensor> parts = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        parts.add(
            decoder.decode(
                Golden.swapped(Golden.swapped(latents).rows(t, 1)), RegionListener.NONE));
      }
      Golden.within("seed " + SEED, Golden.joined(parts), whole, 1e-6);
    }
  }
}
