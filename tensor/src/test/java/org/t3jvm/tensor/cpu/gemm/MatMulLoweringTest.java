package org.t3jvm.tensor.cpu.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Value;

@Tag("matrix")
class MatMulLoweringTest {
  private static final DType[] DTYPES = {DType.F32, DType.BF16, DType.F16};

  static Stream<Arguments> shapes() {
    int[] inner = {1, 5, 64, 255, 256, 257, 600};
    int[] columns = {1, 8, 15, 31, 32, 33, 70};
    List<Arguments> shapes = new ArrayList<>();
    int turn = 0;
    for (int rows : new int[] {1, 6, 12, 13, 95, 96, 97, 200}) {
      for (int k : inner) {
        for (boolean transposed : new boolean[] {false, true}) {
          int n = columns[turn % columns.length];
          shapes.add(Arguments.of(1 + turn % 3, rows, k, n, DTYPES[turn % 3], transposed));
          turn++;
        }
      }
    }
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithDoubleLoops(int batches, int rows, int k, int n, DType dtype, boolean transposed) {
    long seed = 100_000L * rows + 100L * k + n;
    GemmRun run = new GemmRun(seed);
    Value a = run.operand("a", DType.F32, batches, 2, rows, k);
    Value b =
        transposed
            ? run.operand("b", dtype, batches, 2, n, k)
            : run.operand("b", dtype, batches, 2, k, n);
    Value y = run.g.matMul(a, b, transposed);
    DoubleProduct.of(run, y).assertMatches(run.run(y), "seed " + seed);
  }
}
