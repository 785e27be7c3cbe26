package org.t3jvm.tensor.cpu.rounded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.RoundedProducts;
import org.t3jvm.tensor.cpu.CpuBackend;
import org.t3jvm.tensor.cpu.machine.TileKind;
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
    return new CpuBackend(
        threads,
        switch (tiles.kind()) {
          case BF16 -> Arithmetic.bFloat16(tiles);
          case INT8 -> Arithmetic.int8(tiles, Tiles.best(TileKind.BF16));
        });
  }

  /**
   * Each step of a chain of sums is rounded once, then the bias's; of blocks of int8 also the
   * product of their scales, and here the operands as codes times scales.
   */
  private static double tolerance(TileKind kind, int depth, double magnitudes) {
    int roundings =
        switch (kind) {
          case BF16 -> depth + 1;
          case INT8 -> kind.units(depth) + 4;
        };
    return roundings * ROUNDING * magnitudes;
  }

  private static Tensor rounded(TileKind kind, Tensor operand) {
    return switch (kind) {
      case BF16 -> operand.to(DType.F32).to(DType.BF16);
      case INT8 -> RoundedProducts.quantised(operand);
    };
  }

  @TestFactory
  Stream<DynamicTest> isNearDoubleSums() {
    Random random = new Random(SEED);
    DType[] dtypes = {DType.F32, DType.BF16, DType.F16};
    List<int[]> shapes =
        List.of(
            new int[] {33, 1, 1},
            new int[] {35, 2, 31},
            new int[] {240, 64, 32},
            new int[] {241, 65, 33},
            new int[] {253, 515, 47},
            new int[] {61, 1031, 600});
    return Stream.of(TileKind.values())
        .flatMap(
            kind ->
                shapes.stream()
                    .flatMap(
                        shape ->
                            Stream.of(dtypes)
                                .map(
                                    dtype ->
                                        DynamicTest.dynamicTest(
                                            "%s: %d x %d x %d, %s"
                                                .formatted(
                                                    kind, shape[0], shape[1], shape[2], dtype),
                                            () -> check(random, kind, shape, dtype)))));
  }

  private static void check(Random random, TileKind kind, int[] shape, DType dtype) {
    int rows = shape[0];
    int depth = shape[1];
    int columns = shape[2];
    Graph graph = linear(rows, depth, columns, dtype);
    Tensor x = normal(random, rows, depth);
    Tensor w = normal(random, columns, depth).to(dtype);
    Tensor b = normal(random, columns);
    Map<String, Tensor> inputs = Map.of("x", x);
    Map<String, Tensor> parameters = Map.of("w", w, "b", b);
    Map<String, Tensor> results = new HashMap<>();
    for (Map.Entry<String, Tiles> tiles : TestTiles.all(kind).entrySet()) {
      for (int threads : new int[] {1, 3}) {
        try (Backend backend = cpu(tiles.getValue(), threads)) {
          results.put(
              tiles.getKey() + threads, RoundedProducts.run(backend, graph, inputs, parameters));
        }
      }
    }
    Tensor first = results.values().iterator().next();
    requireNear(kind, first, rounded(kind, x), rounded(kind, w), b);
    results.forEach(
        (name, result) ->
            assertThat(result.segment().mismatch(first.segment())).as(name).isEqualTo(-1));
  }

  /** Fails unless a linear map of rounded operands is near its double sums. */
  private static void requireNear(TileKind kind, Tensor y, Tensor x, Tensor w, Tensor b) {
    int depth = x.shape().intDim(1);
    int columns = w.shape().intDim(0);
    for (int row = 0; row < x.shape().intDim(0); row++) {
      for (int column = 0; column < columns; column++) {
        double sum = b.getDouble(column);
        double magnitudes = Math.abs(sum);
        for (int k = 0; k < depth; k++) {
          double product =
              x.getDouble((long) row * depth + k) * w.getDouble((long) column * depth + k);
          sum += product;
          magnitudes += Math.abs(product);
        }
        assertThat(Math.abs(y.getDouble((long) row * columns + column) - sum))
            .as("%s, seed %d, row %d, column %d", kind, SEED, row, column)
            .isLessThanOrEqualTo(tolerance(kind, depth, magnitudes));
      }
    }
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
    try (Backend backend = cpu(Tiles.best(TileKind.BF16), 1)) {
      Tensor expected = RoundedProducts.run(backend, plain.graph(), inputs, Map.of("w", w));
      Tensor actual =
          RoundedProducts.run(backend, g.graph(), inputs, Map.of("codes", codes, "scales", scales));
      assertThat(actual.segment().mismatch(expected.segment())).isEqualTo(-1);
    }
  }

  /**
   * Codes of blocks of 64 are multiplied as they are, whatever their scales; those of other blocks
   * are multiplied out and quantised like other weights.
   */
  @ParameterizedTest
  @ValueSource(ints = {64, 32})
  void keepsCodesOfQuantisedWeights(int block) {
    Random random = new Random(SEED);
    int columns = 40;
    int depth = 600;
    Tensor codes = Tensor.allocate(DType.I8, Shape.of(columns, depth));
    Tensor scales = Tensor.allocate(DType.F32, Shape.of(columns, Math.ceilDiv(depth, block)));
    Tensor w = Tensor.allocate(DType.F32, Shape.of(columns, depth));
    for (long i = 0; i < scales.shape().elements(); i++) {
      scales.setDouble(i, random.nextFloat());
    }
    for (long i = 0; i < w.shape().elements(); i++) {
      long scale = i / depth * scales.shape().dim(1) + i % depth / block;
      codes.setDouble(i, random.nextInt(100) - 50);
      w.setDouble(i, codes.getDouble(i) * scales.getDouble(scale));
    }
    Tensor x = normal(random, 50, depth);
    Tensor b = normal(random, columns);
    Tracer g = new Tracer();
    Value weight =
        g.scaled(
            g.parameter("codes", DType.I8, codes.shape()),
            g.parameter("scales", DType.F32, scales.shape()),
            block);
    Value bias = g.parameter("b", DType.F32, b.shape());
    g.output(OpCase.OUTPUT, g.linear(g.input("x", DType.F32, x.shape()), weight, bias));
    TileKind kind = TileKind.INT8;
    try (Backend backend = cpu(Tiles.best(kind), 1)) {
      Tensor y =
          RoundedProducts.run(
              backend, g.graph(), Map.of("x", x), Map.of("codes", codes, "scales", scales, "b", b));
      requireNear(kind, y, rounded(kind, x), block == 64 ? w : rounded(kind, w), b);
    }
  }

  /** What is not finite has no code; its whole row is NaN, and no other. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void hidesNothingThatIsNotFinite(float value) {
    Random random = new Random(SEED);
    Graph graph = linear(40, 130, 33, DType.F32);
    Tensor x = normal(random, 40, 130);
    x.setDouble(7 * 130 + 129, value);
    Map<String, Tensor> parameters = Map.of("w", normal(random, 33, 130), "b", normal(random, 33));
    for (Tiles tiles : TestTiles.all(TileKind.INT8).values()) {
      try (Backend backend = cpu(tiles, 1)) {
        Tensor y = RoundedProducts.run(backend, graph, Map.of("x", x), parameters);
        for (int i = 0; i < 40 * 33; i++) {
          assertThat(Double.isNaN(y.getDouble(i))).as("element %d", i).isEqualTo(i / 33 == 7);
        }
      }
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
        Backend bf16 = cpu(Tiles.best(TileKind.BF16), 1);
        Backend int8 = cpu(Tiles.best(TileKind.INT8), 1)) {
      Tensor expected = RoundedProducts.run(f32, graph, inputs, parameters);
      for (Backend rounding : List.of(bf16, int8)) {
        Tensor actual = RoundedProducts.run(rounding, graph, inputs, parameters);
        assertThat(actual.segment().mismatch(expected.segment())).isEqualTo(-1);
      }
    }
  }

  private static long working(Backend backend, Graph graph) {
    MemoryPlan plan = backend.plan(graph).orElseThrow();
    return plan.activations() + plan.scratch();
  }

  /** Packed weights, with their scales and sums, and packed rows, with their scales. */
  @Test
  void plansCountWhatIsPacked() {
    Graph graph = linear(64, 640, 96, DType.F32);
    long blocks = 640 / 64;
    long packed = 96 * blocks * (64 + 4 + 4) + 64 * blocks * (64 + 4);
    try (Backend int8 = cpu(Tiles.best(TileKind.INT8), 1);
        Backend bf16 = cpu(Tiles.best(TileKind.BF16), 1)) {
      assertThat(working(int8, graph))
          .isGreaterThanOrEqualTo(packed)
          .isLessThan(working(bf16, graph));
    }
  }

  @Test
  void isAskedForByPrecision() {
    BackendOptions options = new BackendOptions(1);
    try (Backend plain = Backends.named("cpu").open(options);
        Backend rounding = Backends.named("cpu").open(options.with(Precision.BF16));
        Backend quantising = Backends.named("cpu").open(options.with(Precision.INT8))) {
      assertThat(plain.precision()).isEqualTo(Precision.F32);
      assertThat(plain.identity()).isEqualTo("cpu");
      assertThat(rounding.precision()).isEqualTo(Precision.BF16);
      assertThat(rounding.identity()).isEqualTo("cpu, precision BF16");
      assertThat(quantising.precision()).isEqualTo(Precision.INT8);
      assertThat(quantising.identity()).isEqualTo("cpu, precision INT8");
    }
  }
}
