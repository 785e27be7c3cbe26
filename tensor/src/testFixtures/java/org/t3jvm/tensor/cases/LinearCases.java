package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Cases of {@link Op.Linear}: rows, inner sizes and columns around every block size. */
final class LinearCases {
  static final List<DType> WEIGHTS = List.of(DType.F32, DType.BF16, DType.F16);

  private static final int[] ROWS = {1, 11, 12, 13, 25, 63, 64, 65, 130, 241};
  private static final int[] INNER = {1, 2, 7, 255, 256, 257, 600};
  private static final int[] COLUMNS = {1, 5, 31, 32, 33, 48, 100, 530};

  private LinearCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int turn = 0;
    for (DType dtype : WEIGHTS) {
      for (int rows : ROWS) {
        for (int inner : INNER) {
          int columns = COLUMNS[turn++ % COLUMNS.length];
          cases.add(linear(dtype, columns, turn % 2 == 0, rows, inner));
        }
        for (int columns : COLUMNS) {
          cases.add(linear(dtype, columns, turn++ % 2 == 0, rows, 40));
        }
      }
      cases.add(linear(dtype, 530, true, 247, 600));
      cases.add(linear(dtype, 33, true, 600, 513));
      cases.add(linear(dtype, 9, true, 3, 1500));
      cases.add(linear(dtype, 48, true, 12));
      cases.add(linear(dtype, 48, true, 3, 25, 13));
      cases.add(linear(dtype, 7, false, 2, 1, 5, 11));
      cases.add(linear(dtype, 32, true, 0, 40));
      cases.add(linear(dtype, 3, true, 5, 0));
      cases.add(linear(dtype, 3, true, 70, 0));
      cases.add(linear(dtype, 0, true, 70, 5));
      cases.add(stored(DType.F32, dtype, DType.BF16));
      cases.add(stored(dtype, DType.F32, dtype));
    }
    // Fewer rows than columns, and too many to be kept whole.
    cases.add(linear(DType.BF16, 310, true, 300, 900));
    cases.add(subnormal(5));
    cases.add(subnormal(70));
    return cases;
  }

  private static OpCase linear(DType dtype, int columns, boolean biased, long... dims) {
    CaseBuilder c = new CaseBuilder("linear");
    int inner = (int) dims[dims.length - 1];
    Value x = c.input("x", dims);
    Value weight = c.parameter("weight", dtype, columns, inner);
    @Nullable Value bias = biased ? c.parameter("bias", DType.F32, columns) : null;
    return c.returns(
        c.g.linear(x, weight, bias),
        Tolerance.ofSum(inner, 1),
        "%s x %s %s%s",
        CaseBuilder.dims(dims),
        dtype,
        CaseBuilder.dims(columns, inner),
        biased ? " + bias" : "");
  }

  /** The tracer casts x and the bias, where they are stored as half floats. */
  private static OpCase stored(DType inputs, DType weights, DType biases) {
    CaseBuilder c = new CaseBuilder("linear");
    Value x = c.input("x", inputs, Fill.NORMAL, 17, 24);
    Value weight = c.parameter("weight", weights, 19, 24);
    Value bias = c.parameter("bias", biases, 19);
    return c.returns(
        c.g.linear(x, weight, bias),
        Tolerance.ofSum(24, 1),
        "%s [17x24] x %s [19x24] + %s bias",
        inputs,
        weights,
        biases);
  }

  /** F16 has subnormal numbers below 6.1e-5, which are normal in F32. */
  private static OpCase subnormal(int rows) {
    CaseBuilder c = new CaseBuilder("linear");
    Value x = c.input("x", rows, 50);
    Value weight = c.parameter("weight", DType.F16, Fill.normal(0, 1e-5), 37, 50);
    return c.returns(
        c.g.linear(x, weight, null),
        Tolerance.ofSum(50, 1e-5),
        "[%dx50] x F16 [37x50] of subnormal numbers",
        rows);
  }
}
