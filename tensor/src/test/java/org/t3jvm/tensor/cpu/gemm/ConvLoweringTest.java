package org.t3jvm.tensor.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Value;

@Tag("matrix")
class ConvLoweringTest {
  private static final DType[] DTYPES = {DType.F32, DType.BF16, DType.F16};
  private static final int[][] KERNELS = {
    {1, 1, 1}, {3, 3, 3}, {3, 1, 1}, {1, 3, 3}, {2, 3, 1}, {1, 1, 4}
  };

  /** x's extents t, h, w; the larger one gives several blocks of positions. */
  private static final int[][] SIZES = {{4, 5, 6}, {3, 13, 17}};

  static Stream<Arguments> shapes() {
    List<Arguments> shapes = new ArrayList<>();
    int turn = 0;
    for (int[] kernel : KERNELS) {
      for (int channels : new int[] {1, 3, 4, 16, 40}) {
        for (int outputs : new int[] {1, 3, 12, 37}) {
          ConvGeometry same = ConvGeometry.sameInSpace(kernel[1], kernel[2]);
          shapes.add(
              Arguments.of(kernel, channels, outputs, same, SIZES[turn % 2], DTYPES[turn % 3]));
          turn++;
        }
      }
      for (ConvGeometry geometry : geometries()) {
        for (int[] size : SIZES) {
          shapes.add(Arguments.of(kernel, 5, 9, geometry, size, DTYPES[turn % 3]));
          shapes.add(Arguments.of(kernel, 5, 4, geometry, size, DTYPES[turn % 3]));
          shapes.add(Arguments.of(kernel, 69, 9, geometry, size, DTYPES[turn++ % 3]));
        }
      }
    }
    return shapes.stream();
  }

  private static List<ConvGeometry> geometries() {
    return List.of(
        ConvGeometry.valid(),
        new ConvGeometry(1, 1, 1, 2, 0, 1, 1, 1, 1),
        new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1),
        new ConvGeometry(2, 1, 1, 0, 1, 0, 0, 0, 0),
        new ConvGeometry(2, 3, 2, 1, 0, 0, 2, 3, 0),
        // A border of outputs that see nothing but padding.
        new ConvGeometry(1, 1, 1, 0, 0, 5, 4, 4, 5));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithDoubleLoops(
      int[] kernel, int channels, int outputs, ConvGeometry geometry, int[] size, DType dtype) {
    long seed = 1000L * channels + outputs;
    GemmRun run = new GemmRun(seed);
    Value y = conv(run, kernel, channels, outputs, geometry, size, dtype, outputs % 2 == 1);
    DoubleProduct.of(run, y).assertMatches(run.run(y), "seed " + seed);
  }

  /** Every other result comes from two rows and two columns of what is upsampled. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 70, 300})
  void readsThroughUpsampling(int channels) {
    long seed = 7000L + channels;
    for (int kernelT : new int[] {1, 3}) {
      for (int[] size : new int[][] {{3, 1, 1}, {3, 4, 5}, {3, 9, 11}}) {
        for (DType dtype : DTYPES) {
          GemmRun run = new GemmRun(seed);
          Value x = run.operand("x", DType.F32, size[0], size[1], size[2], channels);
          Value weight = run.operand("weight", dtype, 35, channels, kernelT, 3, 3);
          Value bias = run.operand("bias", DType.F32, 35);
          ConvGeometry same = ConvGeometry.sameInSpace(3, 3);
          Value y = run.g.conv3d(run.g.upsample(x, 2), weight, bias, same);
          String what = "seed %d, %s, %s".formatted(seed, x, weight);
          DoubleProduct.of(run, y).assertMatches(run.run(y), what);
        }
      }
    }
  }

  /** A band of rows has padding only where it touches the edge of the plane. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "1, 0"})
  void readsThroughUpsamplingInsideOfAPlane(int above, int below) {
    ConvGeometry geometry = new ConvGeometry(1, 1, 1, 0, 0, above, below, 1, 1);
    for (int channels : new int[] {5, 70}) {
      for (int height : new int[] {2 - above - below, 2, 5}) {
        GemmRun run = new GemmRun(channels);
        Value x = run.operand("x", DType.F32, 3, height, 5, channels);
        Value weight = run.operand("weight", DType.F32, 35, channels, 3, 3, 3);
        Value y = run.g.conv3d(run.g.upsample(x, 2), weight, null, geometry);
        String what = "seed %d, %s, %s".formatted(channels, x, geometry);
        DoubleProduct.of(run, y).assertMatches(run.run(y), what);
      }
    }
  }

  private static Value conv(
      GemmRun run,
      int[] kernel,
      int channels,
      int outputs,
      ConvGeometry geometry,
      int[] size,
      DType dtype,
      boolean biased) {
    Value x = run.operand("x", DType.F32, size[0], size[1], size[2], channels);
    Value weight = run.operand("weight", dtype, outputs, channels, kernel[0], kernel[1], kernel[2]);
    @Nullable Value bias = biased ? run.operand("bias", DType.F32, outputs) : null;
    return run.g.conv3d(x, weight, bias, geometry);
  }

  /** The same product as a linear map, so the same bits, whichever way each is computed. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 40})
  void ofSinglePositionsIsALinearMap(int width) {
    long seed = 5;
    int[] size = {2, 4, width};
    for (DType dtype : DTYPES) {
      GemmRun run = new GemmRun(seed);
      Value conv = conv(run, KERNELS[0], 300, 37, ConvGeometry.valid(), size, dtype, true);
      GemmRun same = new GemmRun(seed);
      Value x = same.operand("x", DType.F32, 2, 4, width, 300);
      Value weight = same.operand("weight", dtype, 37, 300);
      Value linear = same.g.linear(x, weight, same.operand("bias", DType.F32, 37));
      assertThat(run.run(conv))
          .as("seed %d, %s, width %d", seed, dtype, width)
          .isEqualTo(same.run(linear));
    }
  }

  /** Padding is zero, whatever lies beyond the row in memory. */
  @ParameterizedTest
  @CsvSource({"4, 5", "4, 20", "70, 5", "70, 20"})
  void padsWithZerosBesideNaN(int channels, int outputs) {
    long seed = 6;
    GemmRun run = new GemmRun(seed);
    ConvGeometry same = ConvGeometry.sameInSpace(3, 3);
    int[] size = {1, 6, 50};
    Value y = conv(run, KERNELS[3], channels, outputs, same, size, DType.F32, true);
    Value x = y.op().operands().getFirst();
    for (int channel = 0; channel < channels; channel++) {
      run.tensor(x).setDouble((3L * 50 + 20) * channels + channel, Double.NaN);
    }
    float[] actual = run.run(y);
    for (int i = 0; i < actual.length; i++) {
      int h = i / outputs / 50;
      int w = i / outputs % 50;
      assertThat(Float.isNaN(actual[i]))
          .as("seed %d, row %d column %d beside NaN at row 3 column 20", seed, h, w)
          .isEqualTo(Math.abs(h - 3) <= 1 && Math.abs(w - 20) <= 1);
    }
  }
}
