package org.t3jvm.tensor.cpu.rounded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.RoundedProducts;
import org.t3jvm.tensor.cpu.CpuBackend;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Linear maps of rounded operands: near double sums of them, the same bits by each kind of kernels
 * and for each number of threads.
 */
class RoundedLinearTest {
  private static final long SEED = 77;

  /** Half the distance of floats near 1. */
  private static final double ROUNDING = 0x1p-24;

  private static Backend cpu(Tiles tiles, int threads) {
    return new CpuBackend(threads, Arithmetic.bFloat16(tiles));
  }

  /** Each step of a chain of sums is rounded once, then the bias's. */
  private static double tolerance(int depth, double magnitudes) {
    return (depth + 1) * ROUNDING * magnitudes;
  }

  @TestFactory
  Stream<DynamicTest> isNearDoubleSums() {
    Random random = new Random(SEED);
    DType[] dtypes = {DType.F32, DType.BF16, DType.F16};
    return Stream.of(
            new int[] {33, 1, 1},
            new int[] {35, 2, 31},
            new int[] {240, 64, 32},
            new int[] {241, 65, 33},
            new int[] {253, 515, 47},
            new int[] {61, 1031, 600})
        .flatMap(shape -> Stream.of(dtypes).map(dtype -> Map.entry(shape, dtype)))
        .map(
            each ->
                DynamicTest.dynamicTest(
                    "%d x %d x %d, %s"
                        .formatted(
                            each.getKey()[0], each.getKey()[1], each.getKey()[2], each.getValue()),
                    () -> check(random, each.getKey(), each.getValue())));
  }

  private static void check(Random random, int[] shape, DType dtype) {
    int rows = shape[0];
    int depth = shape[1];
    int columns = shape[2];
    Graph graph = linear(rows, depth, columns, dtype);
    Tensor x = normal(random, rows, depth);
    Tensor w = normal(random, columns, depth).to(dtype);
    Tensor b = normal(random, columns);
    Map<String, Tensor> inputs = Map.of("x", x);
    Map<String, Tensor> parameters = Map.of("w", w, "b", b);
    Tensor roundedX = x.to(DType.BF16);
    Tensor roundedW = w.to(DType.F32).to(DType.BF16);
    Map<String, Tensor> results = new HashMap<>();
    for (Map.Entry<String, Tiles> tiles : TestTiles.all().entrySet()) {
      for (int threads : new int[] {1, 3}) {
        try (Backend backend = cpu(tiles.getValue(), threads)) {
          results.put(
              tiles.getKey() + threads, RoundedProducts.run(backend, graph, inputs, parameters));
        }
      }
    }
    Tensor first = results.values().iterator().next();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double sum = b.getDouble(column);
        double magnitudes = Math.abs(sum);
        for (int k = 0; k < depth; k++) {
          double product =
              roundedX.getDouble((long) row * depth + k)
                  * roundedW.getDouble((long) column * depth + k);
          sum += product;
          magnitudes += Math.abs(product);
        }
        assertThat(Math.abs(first.getDouble((long) row * columns + column) - sum))
            .as("seed %d, row %d, column %d", SEED, row, column)
            .isLessThanOrEqualTo(tolerance(depth, magnitudes));
      }
    }
    results.forEach(
        (name, result) ->
            assertThat(result.segment().mismatch(first.segment())).as(name).isEqualTo(-1));
  }

  private static Graph linear(int rows, int depth, int columns, DType dtype) {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(rows, depth));
    Value w = g.parameter("w", dtype, Shape.of(columns, depth));
    g.output(OpCase.OUTPUT, g.linear(x, w, g.parameter("b", DType.F32, Shape.of(columns))));
    return g.graph();
  }

  private static Tensor normal(Random random, long... dims) {
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(dims));
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    return tensor;
  }

  /** Codes times scales are rounded to F32, as where a weight lies multiplied out, then to BF16. */
  @Test
  void multipliesOutQuantisedWeights() {
    Random random = new Random(SEED);
    int columns = 40;
    int depth = 128;
    Tensor codes = Tensor.allocate(DType.I8, Shape.of(columns, depth));
    Tensor scales = Tensor.allocate(DType.F32, Shape.of(columns, 2));
    Tensor w = Tensor.allocate(DType.F32, Shape.of(columns, depth));
    for (long i = 0; i < scales.shape().elements(); i++) {
      scales.setDouble(i, random.nextFloat());
    }
    for (long i = 0; i < w.shape().elements(); i++) {
      codes.setDouble(i, random.nextInt(255) - 127);
      w.setDouble(i, codes.getDouble(i) * scales.getDouble(i / 64));
    }
    Tracer g = new Tracer();
    Value weight =
        g.scaled(
            g.parameter("codes", DType.I8, codes.shape()),
            g.parameter("scales", DType.F32, scales.shape()),
            64);
    g.output(OpCase.OUTPUT, g.linear(g.input("x", DType.F32, Shape.of(50, depth)), weight, null));
    Tracer plain = new Tracer();
    plain.output(
        OpCase.OUTPUT,
        plain.linear(
            plain.input("x", DType.F32, Shape.of(50, depth)),
            plain.parameter("w", DType.F32, w.shape()),
            null));
    Map<String, Tensor> inputs = Map.of("x", normal(random, 50, depth));
    try (Backend backend = cpu(Tiles.best(), 1)) {
      Tensor expected = RoundedProducts.run(backend, plain.graph(), inputs, Map.of("w", w));
      Tensor actual =
          RoundedProducts.run(backend, g.graph(), inputs, Map.of("codes", codes, "scales", scales));
      assertThat(actual.segment().mismatch(expected.segment())).isEqualTo(-1);
    }
  }

  /** Few rows, as those of time embeddings, stay F32, bit for bit. */
  @Test
  void roundsNothingOfFewRows() {
    Random random = new Random(SEED);
    Graph graph = linear(32, 100, 40, DType.F32);
    Map<String, Tensor> inputs = Map.of("x", normal(random, 32, 100));
    Map<String, Tensor> parameters = Map.of("w", normal(random, 40, 100), "b", normal(random, 40));
    try (Backend f32 = new CpuBackend(1);
        Backend bf16 = cpu(Tiles.best(), 1)) {
      Tensor expected = RoundedProducts.run(f32, graph, inputs, parameters);
      Tensor actual = RoundedProducts.run(bf16, graph, inputs, parameters);
      assertThat(actual.segment().mismatch(expected.segment())).isEqualTo(-1);
    }
  }

  @Test
  void isAskedForByPrecision() {
    BackendOptions options = new BackendOptions(1);
    try (Backend plain = Backends.named("cpu").open(options);
        Backend rounding = Backends.named("cpu").open(options.with(Precision.BF16))) {
      assertThat(plain.precision()).isEqualTo(Precision.F32);
      assertThat(plain.identity()).isEqualTo("cpu");
      assertThat(rounding.precision()).isEqualTo(Precision.BF16);
      assertThat(rounding.identity()).isEqualTo("cpu, precision BF16");
    }
  }
}
