package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Cases of {@link Op.Scaled}: alone, and as the weight of products and lookups, with blocks that
 * divide the rows and blocks that do not, one scale a row, and one for all.
 */
final class ScaledCases {
  private static final Fill CODES = Fill.whole(-127, 128);

  /** Such that products with a code are of about 1. */
  private static final Fill SCALES = Fill.uniform(0.005, 0.02);

  private ScaledCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int block : new int[] {1, 5, 32, 64}) {
      cases.add(alone(block, false, 13, 65));
      cases.add(alone(block, true, 3, 7, 31));
    }
    cases.add(alone(1, false, 300));
    cases.add(alone(1 << 20, false, 31, 257));
    cases.add(alone(64, false, 0, 5));
    cases.add(alone(64, false, 5, 0));
    cases.add(alone(64, false, 1201, 131));
    for (int rows : new int[] {1, 12, 33, 64, 241}) {
      for (int inner : new int[] {1, 63, 64, 65, 257, 600}) {
        cases.add(linear(64, false, 33, rows, inner));
      }
      cases.add(linear(32, false, 530, rows, 96));
      cases.add(linear(7, true, 5, rows, 300));
      cases.add(linear(1000, false, 31, rows, 1000));
      cases.add(linear(1000, true, 100, rows, 600));
    }
    cases.add(linear(64, false, 32, 0, 40));
    cases.add(linear(64, false, 3, 70, 0));
    for (int d : new int[] {1, 7, 64, 65, 2100}) {
      cases.add(embedding(64, 13, d, 5));
      cases.add(embedding(5, 1, d, 2, 3));
    }
    cases.add(embedding(64, 300, 33, 130));
    cases.add(embedding(64, 11, 8, 0));
    cases.add(float8(33, 12, 257));
    cases.add(float8(5, 64, 64));
    cases.add(float8(530, 33, 1));
    cases.add(readTwice());
    cases.add(turned());
    return cases;
  }

  private static Value scaled(CaseBuilder c, int block, boolean shared, long... dims) {
    Value codes = c.parameter("codes", DType.I8, CODES, dims);
    long blocks = Math.ceilDiv(codes.shape().inner(0), (long) block);
    Value scales = c.parameter("scales", DType.F32, SCALES, shared ? 1 : dims[0], blocks);
    return c.g.scaled(codes, scales, block);
  }

  private static String name(int block, boolean shared, long... dims) {
    return "%s in blocks of %d%s"
        .formatted(CaseBuilder.dims(dims), block, shared ? ", scales shared" : "");
  }

  private static OpCase alone(int block, boolean shared, long... dims) {
    CaseBuilder c = new CaseBuilder("scaled");
    Value y = scaled(c, block, shared, dims);
    return c.returns(y, Tolerance.EXACT, "%s", name(block, shared, dims));
  }

  private static OpCase linear(int block, boolean shared, int columns, int rows, int inner) {
    CaseBuilder c = new CaseBuilder("linear");
    Value x = c.input("x", rows, inner);
    Value weight = scaled(c, block, shared, columns, inner);
    return c.returns(
        c.g.linear(x, weight, c.parameter("bias", DType.F32, columns)),
        Tolerance.ofSum(inner, 1),
        "[%dx%d] x codes %s",
        rows,
        inner,
        name(block, shared, columns, inner));
  }

  private static OpCase embedding(int block, int rows, int d, long... dims) {
    CaseBuilder c = new CaseBuilder("embedding");
    Value table = scaled(c, block, false, rows, d);
    Value ids = c.input("ids", DType.I64, Fill.whole(0, rows), dims);
    return c.returns(
        c.g.embedding(table, ids),
        Tolerance.EXACT,
        "codes %s at %s",
        name(block, false, rows, d),
        CaseBuilder.dims(dims));
  }

  /** F8_E4M3 weights with one scale, as files hold them. */
  private static OpCase float8(int columns, int rows, int inner) {
    CaseBuilder c = new CaseBuilder("linear");
    Value x = c.input("x", rows, inner);
    Value codes = c.parameter("codes", DType.F8_E4M3, Fill.NORMAL, columns, inner);
    Value scale = c.parameter("scales", DType.F32, SCALES, 1, 1);
    return c.returns(
        c.g.linear(x, c.g.scaled(codes, scale, inner), null),
        Tolerance.ofSum(inner, 1),
        "[%dx%d] x F8 codes [%dx%d]",
        rows,
        inner,
        columns,
        inner);
  }

  /** By two products and by an op that wants its values in memory. */
  private static OpCase readTwice() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 37, 70);
    Value weight = scaled(c, 64, false, 70, 70);
    Value y = c.g.linear(c.g.linear(x, weight, null), c.g.add(weight, weight), null);
    return c.returns(
        c.g.linear(y, weight, null),
        Tolerance.ofSum(3 * 70, 280),
        "quantised weight that is read as codes and as values");
  }

  /** A product with values that are computed from codes, turned round. */
  private static OpCase turned() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", 37, 70);
    Value weight = c.g.permute(scaled(c, 64, false, 70, 33), 1, 0);
    return c.returns(
        c.g.linear(x, weight, null), Tolerance.ofSum(70, 1), "quantised weight turned round");
  }
}
