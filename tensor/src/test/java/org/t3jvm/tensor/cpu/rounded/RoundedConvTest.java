package org.t3jvm.tensor.cpu.rounded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.RoundedProducts;
import org.t3jvm.tensor.cpu.CpuBackend;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Convolutions of rounded operands: near double sums of them, the same bits by each kind of kernels
 * and for each number of threads.
 */
class RoundedConvTest {
  private static final long SEED = 79;

  /** Half the distance of floats near 1. */
  private static final double ROUNDING = 0x1p-24;

  private static final ConvGeometry SAME = ConvGeometry.sameInSpace(3, 3);

  /** Frames, rows, columns and channels of x, then outputs and kernel. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Given(
      DType dtype, int upsampling, ConvGeometry geometry, int outputs, int[] kernel, int... x) {
    int channels() {
      return x[3];
    }

    Graph graph() {
      Tracer g = new Tracer();
      Value input = g.input("x", DType.F32, Shape.of(x[0], x[1], x[2], x[3]));
      Value weight =
          g.parameter("w", dtype, Shape.of(outputs, channels(), kernel[0], kernel[1], kernel[2]));
      Value bias = g.parameter("b", DType.F32, Shape.of(outputs));
      Value seen = upsampling == 1 ? input : g.upsample(input, upsampling);
      g.output(OpCase.OUTPUT, g.silu(g.conv3d(seen, weight, bias, geometry)));
      return g.graph();
    }

    @Override
    public String toString() {
      return "%s of %s, upsampled %d, to %d, kernel %s, %s"
          .formatted(
              Shape.of(x[0], x[1], x[2], x[3]),
              dtype,
              upsampling,
              outputs,
              Shape.of(kernel[0], kernel[1], kernel[2]),
              geometry);
    }
  }

  private static List<Given> givens() {
    int[] cube = {3, 3, 3};
    int[] plane = {1, 3, 3};
    ConvGeometry causal = new ConvGeometry(1, 1, 1, 2, 0, 1, 1, 1, 1);
    ConvGeometry down = new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1);
    ConvGeometry uneven = new ConvGeometry(2, 3, 2, 1, 0, 0, 2, 3, 0);
    ConvGeometry border = new ConvGeometry(1, 1, 1, 0, 0, 5, 4, 4, 5);
    ConvGeometry beside = new ConvGeometry(1, 1, 10, 0, 0, 0, 0, 3, 0);
    ConvGeometry below = new ConvGeometry(1, 1, 1, 0, 0, 0, 1, 1, 1);
    return List.of(
        new Given(DType.F32, 1, SAME, 37, cube, 3, 7, 13, 16),
        new Given(DType.BF16, 1, SAME, 9, plane, 2, 5, 11, 17),
        // Several parts of a line, several panels of a task, several tasks of panels.
        new Given(DType.F16, 1, SAME, 300, plane, 1, 3, 13, 190),
        // Several blocks of columns.
        new Given(DType.F32, 1, SAME, 33, plane, 1, 2, 485, 18),
        new Given(DType.F32, 1, causal, 40, cube, 2, 5, 6, 16),
        new Given(DType.BF16, 1, down, 40, plane, 2, 9, 12, 33),
        new Given(DType.F32, 1, uneven, 12, new int[] {2, 3, 1}, 5, 8, 9, 20),
        new Given(DType.F32, 1, border, 10, plane, 1, 3, 4, 16),
        // Nothing of x but its padding is seen.
        new Given(DType.F32, 1, beside, 12, new int[] {1, 3, 1}, 2, 4, 1, 20),
        new Given(DType.F32, 1, ConvGeometry.valid(), 64, new int[] {3, 1, 1}, 5, 4, 5, 48),
        new Given(DType.F16, 1, ConvGeometry.valid(), 50, new int[] {1, 1, 1}, 2, 4, 5, 49),
        new Given(DType.F32, 2, SAME, 35, plane, 2, 5, 7, 16),
        new Given(DType.BF16, 2, causal, 70, cube, 2, 4, 13, 21),
        new Given(DType.F32, 2, below, 12, plane, 1, 4, 3, 18));
  }

  @TestFactory
  Stream<DynamicTest> isNearDoubleSums() {
    return givens().stream()
        .map(given -> DynamicTest.dynamicTest(given.toString(), () -> check(given)));
  }

  private static void check(Given given) {
    Random random = new Random(SEED);
    int[] kernel = given.kernel();
    Tensor x = normal(random, DType.F32, given.x());
    Tensor w =
        normal(
            random,
            given.dtype(),
            given.outputs(),
            given.channels(),
            kernel[0],
            kernel[1],
            kernel[2]);
    Tensor b = normal(random, DType.F32, given.outputs());
    Map<String, Tensor> results = results(given.graph(), Map.of("x", x), Map.of("w", w, "b", b));
    Tensor first = results.values().iterator().next();
    Tensor roundedX = x.to(DType.BF16);
    Tensor floatW = w.to(DType.F32);
    int depth = given.channels() * kernel[0] * kernel[1] * kernel[2];
    long[] dims = first.shape().dims();
    for (long i = 0; i < first.shape().elements(); i++) {
      int output = (int) (i % dims[3]);
      int[] position = {
        (int) (i / dims[3] / dims[2] / dims[1]),
        (int) (i / dims[3] / dims[2] % dims[1]),
        (int) (i / dims[3] % dims[2])
      };
      double sum = b.getDouble(output);
      double magnitudes = Math.abs(sum);
      for (Seen seen : seen(given, position)) {
        for (int channel = 0; channel < given.channels(); channel++) {
          float weight = 0;
          for (int tap : seen.taps()) {
            long at = ((long) output * given.channels() + channel) * taps(kernel) + tap;
            weight += (float) floatW.getDouble(at);
          }
          double product =
              Float.intBitsToFloat(Tensor.toBFloat16(weight) << 16)
                  * roundedX.getDouble(seen.position() * given.channels() + channel);
          sum += product;
          magnitudes += Math.abs(product);
        }
      }
      // The activation's slope is at most 1.1, and its own error some units in the last place.
      double expected = sum / (1 + Math.exp(-sum));
      double limit = (1.1 * (depth + 1) * magnitudes + 8 * Math.abs(expected)) * ROUNDING;
      assertThat(Math.abs(first.getDouble(i) - expected))
          .as("seed %d, element %d: %s, should be %s", SEED, i, first.getDouble(i), expected)
          .isLessThanOrEqualTo(limit);
    }
    results.forEach(
        (name, result) ->
            assertThat(result.segment().mismatch(first.segment())).as(name).isEqualTo(-1));
  }

  private static int taps(int[] kernel) {
    return kernel[0] * kernel[1] * kernel[2];
  }

  /** A position of x and the taps that see it, whose weights are added. */
  private record Seen(long position, List<Integer> taps) {}

  private static List<Seen> seen(Given given, int[] position) {
    ConvGeometry g = given.geometry();
    int[] kernel = given.kernel();
    int[] x = given.x();
    Map<Long, List<Integer>> taps = new LinkedHashMap<>();
    for (int tap = 0; tap < taps(kernel); tap++) {
      int t = position[0] * g.strideT() - g.padTBefore() + tap / kernel[2] / kernel[1];
      int h = position[1] * g.strideH() - g.padHBefore() + tap / kernel[2] % kernel[1];
      int w = position[2] * g.strideW() - g.padWBefore() + tap % kernel[2];
      int scale = given.upsampling();
      if (t >= 0 && t < x[0] && h >= 0 && h < scale * x[1] && w >= 0 && w < scale * x[2]) {
        long at = ((long) t * x[1] + h / scale) * x[2] + w / scale;
        taps.computeIfAbsent(at, key -> new ArrayList<>()).add(tap);
      }
    }
    return taps.entrySet().stream().map(e -> new Seen(e.getKey(), e.getValue())).toList();
  }

  private static Map<String, Tensor> results(
      Graph graph, Map<String, Tensor> inputs, Map<String, Tensor> parameters) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (Map.Entry<String, Tiles> tiles : TestTiles.all(TileKind.BF16).entrySet()) {
      for (int threads : new int[] {1, 3}) {
        try (Backend backend = new CpuBackend(threads, Arithmetic.bFloat16(tiles.getValue()))) {
          results.put(
              tiles.getKey() + threads, RoundedProducts.run(backend, graph, inputs, parameters));
        }
      }
    }
    return results;
  }

  /** Lines that do not fit into the temporary memory together are packed in turn. */
  @Test
  @Tag("process")
  void packsLinesInTurn() {
    Random random = new Random(SEED);
    Given all = new Given(DType.F32, 1, SAME, 9, new int[] {1, 3, 3}, 1, 70, 4000, 130);
    Tensor x = normal(random, DType.F32, all.x());
    Tensor w = normal(random, DType.F32, 9, 130, 1, 3, 3);
    Tensor b = normal(random, DType.F32, 9);
    Map<String, Tensor> parameters = Map.of("w", w, "b", b);
    try (Backend backend = new CpuBackend(2, Arithmetic.bFloat16(Tiles.best(TileKind.BF16)))) {
      Tensor whole = RoundedProducts.run(backend, all.graph(), Map.of("x", x), parameters);
      int[] firsts = {0, 57};
      for (int first : firsts) {
        int rows = 13;
        Tensor band = Tensor.allocate(DType.F32, Shape.of(1, rows, 4000, 130));
        long line = 4000 * 130 * 4L;
        band.segment().copyFrom(x.segment().asSlice(first * line, rows * line));
        Given part = new Given(DType.F32, 1, SAME, 9, all.kernel(), 1, rows, 4000, 130);
        Tensor alone = RoundedProducts.run(backend, part.graph(), Map.of("x", band), parameters);
        long from = first == 0 ? 0 : 1;
        long outLine = 4000 * 9 * 4L;
        long bytes = (rows - 1) * outLine;
        assertThat(
                whole
                    .segment()
                    .asSlice((first + from) * outLine, bytes)
                    .mismatch(alone.segment().asSlice(from * outLine, bytes)))
            .as("seed %d, rows from %d", SEED, first)
            .isEqualTo(-1);
      }
    }
  }

  private static Tensor normal(Random random, DType dtype, int... dims) {
    long[] extents = new long[dims.length];
    for (int i = 0; i < dims.length; i++) {
      extents[i] = dims[i];
    }
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(extents));
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    return tensor.to(dtype);
  }
}
