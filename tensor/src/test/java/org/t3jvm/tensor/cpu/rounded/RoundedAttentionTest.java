package org.t3jvm.tensor.cpu.rounded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.RoundedProducts;
import org.t3jvm.tensor.cpu.CpuBackend;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Attention of rounded operands: near double sums of them, the same bits by each kind of kernels
 * and for each number of threads.
 */
class RoundedAttentionTest {
  private static final long SEED = 78;

  /** Weights are rounded to BF16, by 2^-8 of each at most; a hundredth of that for F32 sums. */
  private static final double WEIGHTS = 1.01 * 0x1p-8;

  /**
   * Of queries, keys, heads and d: one key, odd ones, one block's keys and one more, wide heads.
   */
  private static final int[][] SHAPES = {
    {33, 1, 1, 2},
    {40, 7, 3, 5},
    {129, 192, 2, 64},
    {33, 193, 1, 128},
    {50, 500, 2, 33},
    {65, 385, 1, 130},
  };

  @TestFactory
  Stream<DynamicTest> isNearDoubleSums() {
    return Stream.of(SHAPES)
        .map(
            s ->
                DynamicTest.dynamicTest(
                    "%d queries, %d keys, %d heads of %d".formatted(s[0], s[1], s[2], s[3]),
                    () -> check(s[0], s[1], s[2], s[3])));
  }

  private static void check(int queries, int keys, int heads, int dim) {
    Random random = new Random(SEED);
    float scale = (float) (2 / Math.sqrt(dim));
    int width = heads * dim;
    Tensor q = normal(random, queries, width);
    Tensor k = normal(random, keys, width);
    Tensor v = normal(random, keys, width);
    Map<String, Tensor> inputs = Map.of("q", q, "k", k, "v", v);
    Graph graph = attention(queries, keys, heads, width, scale);
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (Map.Entry<String, Tiles> tiles : TestTiles.all(TileKind.BF16).entrySet()) {
      for (int threads : new int[] {1, 3}) {
        try (Backend backend = new CpuBackend(threads, Arithmetic.bFloat16(tiles.getValue()))) {
          results.put(
              tiles.getKey() + threads, RoundedProducts.run(backend, graph, inputs, Map.of()));
        }
      }
    }
    Tensor roundedQ = q.to(DType.BF16);
    Tensor roundedK = k.to(DType.BF16);
    Tensor roundedV = v.to(DType.BF16);
    Tensor first = results.values().iterator().next();
    for (int query = 0; query < queries; query++) {
      for (int head = 0; head < heads; head++) {
        double[] weights = weights(roundedQ, roundedK, query, head * dim, dim, keys, width, scale);
        for (int c = 0; c < dim; c++) {
          long column = (long) head * dim + c;
          double sum = 0;
          double magnitudes = 0;
          for (int key = 0; key < keys; key++) {
            double product = weights[key] * roundedV.getDouble((long) key * width + column);
            sum += product;
            magnitudes += Math.abs(product);
          }
          double actual = first.getDouble((long) query * width + column);
          assertThat(Math.abs(actual - sum))
              .as("seed %d, query %d, head %d, column %d: %s", SEED, query, head, c, actual)
              .isLessThanOrEqualTo(WEIGHTS * magnitudes);
        }
      }
    }
    results.forEach(
        (name, result) ->
            assertThat(result.segment().mismatch(first.segment())).as(name).isEqualTo(-1));
  }

  private static double[] weights(
      Tensor q, Tensor k, int query, int column, int dim, int keys, int width, float scale) {
    double[] weights = new double[keys];
    double largest = Double.NEGATIVE_INFINITY;
    for (int key = 0; key < keys; key++) {
      for (int c = 0; c < dim; c++) {
        weights[key] +=
            q.getDouble((long) query * width + column + c)
                * k.getDouble((long) key * width + column + c);
      }
      weights[key] *= scale;
      largest = Math.max(largest, weights[key]);
    }
    double sum = 0;
    for (int key = 0; key < keys; key++) {
      weights[key] = Math.exp(weights[key] - largest);
      sum += weights[key];
    }
    for (int key = 0; key < keys; key++) {
      weights[key] /= sum;
    }
    return weights;
  }

  private static Graph attention(int queries, int keys, int heads, int width, float scale) {
    Tracer g = new Tracer();
    Value q = g.input("q", DType.F32, Shape.of(queries, width));
    Value k = g.input("k", DType.F32, Shape.of(keys, width));
    Value v = g.input("v", DType.F32, Shape.of(keys, width));
    g.output(OpCase.OUTPUT, g.attention(q, k, v, heads, scale, new AttentionPattern.Full(), null));
    return g.graph();
  }

  private static Tensor normal(Random random, long... dims) {
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(dims));
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    return tensor;
  }
}
