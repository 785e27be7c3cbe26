package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Cases of {@link Op.MatMul}: both orders of b, batches, sizes around every block size. */
final class MatMulCases {
  private static final int[] ROWS = {1, 7, 12, 13, 65, 95, 96, 97, 130};
  private static final int[] INNER = {1, 16, 255, 256, 257, 600};
  private static final int[] COLUMNS = {1, 15, 31, 32, 33, 48, 100};

  private MatMulCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int turn = 0;
    for (int rows : ROWS) {
      for (int inner : INNER) {
        for (boolean transposed : new boolean[] {false, true}) {
          int columns = COLUMNS[turn++ % COLUMNS.length];
          DType dtype = LinearCases.WEIGHTS.get(turn % 3);
          cases.add(matMul(dtype, transposed, columns, rows, inner));
        }
      }
    }
    for (DType dtype : LinearCases.WEIGHTS) {
      for (boolean transposed : new boolean[] {false, true}) {
        for (int columns : COLUMNS) {
          cases.add(matMul(dtype, transposed, columns, 2, 25, 17));
        }
        cases.add(matMul(dtype, transposed, 9, 3, 97, 40));
        cases.add(matMul(dtype, transposed, 33, 2, 3, 5, 7));
        cases.add(matMul(dtype, transposed, 5, 1, 2, 3, 1, 11));
        cases.add(matMul(dtype, transposed, 5, 3, 0, 11));
        cases.add(matMul(dtype, transposed, 5, 0, 4, 11));
        cases.add(matMul(dtype, transposed, 5, 2, 3, 0));
        cases.add(matMul(dtype, transposed, 0, 2, 3, 4));
      }
    }
    return cases;
  }

  /** {@code a} has the given extents, b the same batches. */
  private static OpCase matMul(DType dtype, boolean transposed, int columns, long... dims) {
    CaseBuilder c = new CaseBuilder("matMul");
    long inner = dims[dims.length - 1];
    long[] right = Arrays.copyOf(dims, dims.length);
    right[dims.length - 2] = transposed ? columns : inner;
    right[dims.length - 1] = transposed ? inner : columns;
    Value a = c.input("a", dims);
    Value b = c.input("b", dtype, Fill.NORMAL, right);
    return c.returns(
        c.g.matMul(a, b, transposed),
        Tolerance.ofSum(inner, 1),
        "%s x %s %s%s",
        CaseBuilder.dims(dims),
        dtype,
        CaseBuilder.dims(right),
        transposed ? " transposed" : "");
  }
}
