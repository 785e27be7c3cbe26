package org.t3jvm.tensor.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.graph.Value;

@Tag("matrix")
class LinearLoweringTest {
  private static final DType[] DTYPES = {DType.F32, DType.BF16, DType.F16};

  /** Rows around every way of multiplying: dot products, panels of a task's own, shared panels. */
  static Stream<Arguments> shapes() {
    int[] inner = {1, 3, 8, 33, 255, 256, 257, 700};
    int[] columns = {1, 7, 8, 31, 32, 33, 65, 150};
    List<Arguments> shapes = new ArrayList<>();
    int turn = 0;
    for (int rows : new int[] {1, 2, 5, 12, 31, 32, 33, 64, 100, 239, 240, 241, 300, 500}) {
      for (int k : inner) {
        int n = columns[turn % columns.length];
        shapes.add(Arguments.of(rows, k, n, DTYPES[turn % 3], turn % 2 == 0));
        turn++;
      }
      for (int n : columns) {
        shapes.add(Arguments.of(rows, 40, n, DTYPES[turn % 3], turn % 2 == 0));
        turn++;
      }
    }
    // More panels than one block of columns holds, at every width.
    for (int rows : new int[] {30, 50, 250}) {
      shapes.add(Arguments.of(rows, 20, 1100, DType.BF16, true));
    }
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithDoubleLoops(int rows, int k, int n, DType dtype, boolean biased) {
    long seed = 10_000L * rows + 10L * k + n;
    GemmRun run = new GemmRun(seed);
    Value y = linear(run, dtype, n, biased, rows, k);
    DoubleProduct.of(run, y).assertMatches(run.run(y), "seed " + seed);
  }

  private static Value linear(GemmRun run, DType dtype, int n, boolean biased, long... dims) {
    Value x = run.operand("x", DType.F32, dims);
    Value weight = run.operand("weight", dtype, n, dims[dims.length - 1]);
    @Nullable Value bias = biased ? run.operand("bias", DType.F32, n) : null;
    return run.g.linear(x, weight, bias);
  }

  @Test
  void flattensTheLeadingAxes() {
    GemmRun run = new GemmRun(1);
    Value y = linear(run, DType.BF16, 9, true, 3, 5, 4, 21);
    DoubleProduct.of(run, y).assertMatches(run.run(y), "seed 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 300})
  void takesEmptySizes(int rows) {
    GemmRun run = new GemmRun(2);
    Value empty = linear(run, DType.F32, 5, true, rows, 0);
    DoubleProduct.of(run, empty).assertMatches(run.run(empty), rows + " rows without elements");
    GemmRun none = new GemmRun(2);
    Value y = linear(none, DType.F32, 0, false, rows, 7);
    assertThat(none.run(y)).as("%d rows of no columns", rows).isEmpty();
    GemmRun batches = new GemmRun(2);
    Value a = batches.operand("a", DType.F32, 2, rows, 7);
    Value product = batches.g.matMul(a, batches.operand("b", DType.F32, 2, 7, 0), false);
    assertThat(batches.run(product)).as("%d rows of no columns, in batches", rows).isEmpty();
  }

  /** What lies beside a row or a column in its tile must not reach it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 6, 32, 33, 100, 241, 490})
  void keepsNaNAndInfinityToTheirRowAndColumn(int rows) {
    long seed = 3;
    int columns = 45;
    int k = 300;
    GemmRun run = new GemmRun(seed);
    Value y = linear(run, DType.BF16, columns, true, rows, k);
    float[] clean = run.run(y);
    Value x = y.op().operands().get(0);
    Value weight = y.op().operands().get(1);
    int badRow = rows - 1;
    run.tensor(x).setDouble((long) badRow * k + 299, Double.NaN);
    run.tensor(weight).setDouble(44L * k, Double.POSITIVE_INFINITY);
    float[] actual = run.run(y);
    for (int i = 0; i < clean.length; i++) {
      String where = "%d rows, row %d column %d".formatted(rows, i / columns, i % columns);
      if (i / columns == badRow) {
        assertThat(actual[i]).as(where).isNaN();
      } else if (i % columns == 44) {
        assertThat(Math.abs(actual[i])).as(where).isEqualTo(Float.POSITIVE_INFINITY);
      } else {
        assertThat(actual[i]).as(where).isEqualTo(clean[i]);
      }
    }
  }

  /** 20,000 x 900 floats are 72 MB: they are packed in turns. */
  @Test
  void boundsTheTemporaryMemory() {
    long seed = 4;
    int k = 20_000;
    int n = 900;
    int rows = 513;
    GemmRun run = new GemmRun(seed);
    Value y = linear(run, DType.F32, n, false, rows, k);
    LoweredOp lowered = GemmRun.lower(y);
    assertThat(lowered.temporaryBytes()).isLessThanOrEqualTo(64L << 20);
    assertThat(lowered.kernels()).hasSizeGreaterThan(2);
    float[] actual = run.run(y);
    float[] x = run.tensor(y.op().operands().get(0)).toFloats();
    float[] weight = run.tensor(y.op().operands().get(1)).toFloats();
    // The bound of DoubleProduct: 256 + 79 + 8 roundings of 2^-24 each.
    double bound = 343 * 0x1p-24 * 1.01;
    for (int column : new int[] {0, 1, 500, 831, 832, 837, 838, 839, 899}) {
      for (int row = 0; row < rows; row += 16) {
        double sum = 0;
        double size = 0;
        for (int i = 0; i < k; i++) {
          double term = (double) x[row * k + i] * weight[column * k + i];
          sum += term;
          size += Math.abs(term);
        }
        assertThat(Math.abs(actual[row * n + column] - sum))
            .as("seed %d, row %d column %d", seed, row, column)
            .isLessThanOrEqualTo(bound * size);
      }
    }
  }
}
