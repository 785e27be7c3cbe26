package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Value;

/** Cases of ops along the rows of a matrix: norms, rotary embedding, softmax, lookup. */
final class RowCases {
  private static final int[] EXTENTS = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 1536};
  private static final int[] ROWS = {1, 5, 13, 66};

  private RowCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int turn = 0;
    for (int d : EXTENTS) {
      for (Op.Norm.Kind kind : Op.Norm.Kind.values()) {
        int rows = ROWS[turn++ % ROWS.length];
        cases.add(norm(kind, null, null, Fill.NORMAL, "normal", rows, d));
        cases.add(norm(kind, DType.F32, DType.BF16, Fill.NORMAL, "normal", rows, d));
      }
      cases.add(softmax(Fill.NORMAL, "normal", 1, ROWS[turn % ROWS.length], d));
    }
    for (Op.Norm.Kind kind : Op.Norm.Kind.values()) {
      cases.add(norm(kind, DType.BF16, null, Fill.NORMAL, "normal", 2, 3, 5, 48));
      cases.add(norm(kind, DType.F16, DType.F16, Fill.NORMAL, "normal", 65, 48));
      cases.add(norm(kind, DType.F32, null, Fill.NORMAL, "normal", 24));
      cases.add(norm(kind, DType.F32, null, Fill.NORMAL, "normal", 0, 24));
      cases.add(norm(kind, DType.F32, null, Fill.NORMAL, "normal", 3, 0));
      cases.add(norm(kind, null, null, Fill.constant(0), "0", 3, 20));
      cases.add(norm(kind, null, null, Fill.normal(0, 1e-8), "1e-8", 3, 20));
      cases.add(norm(kind, null, null, Fill.normal(0, 1e8), "1e8", 3, 20));
      cases.add(norm(kind, null, null, Fill.normal(50, 1), "50 +- 1", 3, 257));
    }
    for (int d : new int[] {0, 1, 17, 24, 256, 1536}) {
      cases.add(rmsFactor(Fill.NORMAL, "normal", 7, d));
    }
    cases.add(rmsFactor(Fill.NORMAL, "normal", 3, 5, 48));
    cases.add(rmsFactor(Fill.constant(0), "0", 3, 20));
    cases.add(rmsFactor(Fill.normal(0, 1e8), "1e8", 3, 20));
    cases.addAll(softmax());
    cases.addAll(rope());
    cases.addAll(embedding());
    return cases;
  }

  /** Weights [D] of one dtype and, for layer norm, biases [D] of another. */
  private static OpCase rmsFactor(Fill fill, String what, long... dims) {
    CaseBuilder c = new CaseBuilder("rmsFactor");
    Value x = c.input("x", DType.F32, fill, dims);
    return c.returns(
        c.g.rmsFactor(x, 1e-6f),
        normTolerance(Op.Norm.Kind.RMS, what, dims[dims.length - 1]),
        "%s %s",
        CaseBuilder.dims(dims),
        what);
  }

  private static OpCase norm(
      Op.Norm.Kind kind,
      @Nullable DType weights,
      @Nullable DType biases,
      Fill fill,
      String what,
      long... dims) {
    CaseBuilder c = new CaseBuilder("norm");
    long d = dims[dims.length - 1];
    Value x = c.input("x", DType.F32, fill, dims);
    @Nullable Value weight = weights == null ? null : c.parameter("weight", weights, d);
    @Nullable DType biased = kind == Op.Norm.Kind.LAYER ? biases : null;
    @Nullable Value bias = biased == null ? null : c.parameter("bias", biased, d);
    float eps = kind == Op.Norm.Kind.L2 ? 1e-12f : 1e-6f;
    Value y =
        switch (kind) {
          case RMS -> c.g.rmsNorm(x, weight, eps);
          case LAYER -> c.g.layerNorm(x, weight, bias, eps);
          case L2 -> c.g.l2Norm(x, weight, eps);
        };
    return c.returns(
        y,
        normTolerance(kind, what, d),
        "%s %s of %s%s%s",
        kind,
        CaseBuilder.dims(dims),
        what,
        weights == null ? "" : " * " + weights,
        biased == null ? "" : " + " + biased);
  }

  /**
   * The mean's error, of F32 sums, meets the deviations that layer norm divides by: 1 here, unless
   * it is below sqrt(eps).
   */
  private static Tolerance normTolerance(Op.Norm.Kind kind, String what, long d) {
    double roundings = 8 + Math.sqrt((double) d);
    Tolerance rows =
        Tolerance.ofUlps(roundings, "sums of %d squares, in vector lanes, in F32".formatted(d));
    if (kind != Op.Norm.Kind.LAYER) {
      return rows;
    }
    double mean =
        switch (what) {
          case "50 +- 1" -> 50;
          case "1e-8" -> 1e-5;
          default -> 1;
        };
    return rows.orAbsolute(
        4 * roundings * mean * Tolerance.EPSILON, "means of about " + mean + " are subtracted");
  }

  private static List<OpCase> softmax() {
    double infinite = Double.NEGATIVE_INFINITY;
    return List.of(
        softmax(Fill.normal(0, 30), "deviation 30", 30, 7, 100),
        softmax(Fill.normal(0, 1000), "deviation 1000", 1000, 7, 100),
        softmax(Fill.normal(1e4, 1), "mean 10000", 5, 5, 33),
        softmax(Fill.normal(-1e30, 1), "-1e30", 1, 5, 33),
        softmax(Fill.cycle(0, infinite, 1, infinite, infinite), "0, 1 or -inf", 1, 5, 33),
        softmax(Fill.constant(7), "7", 7, 2, 3, 5, 19),
        softmax(Fill.NORMAL, "normal", 1, 300),
        softmax(Fill.NORMAL, "normal", 1, 0, 8),
        softmax(Fill.NORMAL, "normal", 1, 3, 0));
  }

  private static OpCase softmax(Fill fill, String what, double magnitude, long... dims) {
    CaseBuilder c = new CaseBuilder("softmax");
    Value x = c.input("x", DType.F32, fill, dims);
    long d = dims[dims.length - 1];
    // e^-87 is the smallest normal float; below it some machines have only 0.
    Tolerance tolerance =
        Tolerance.ofUlps(
                16 + Math.sqrt((double) d) + 4 * magnitude, "e^x carries the rounding of x")
            .orAbsolute(1e-36, "subnormal numbers may be 0");
    return c.returns(c.g.softmax(x), tolerance, "%s of %s", CaseBuilder.dims(dims), what);
  }

  private static List<OpCase> rope() {
    List<OpCase> cases = new ArrayList<>();
    for (int d : new int[] {2, 8, 12, 24, 44, 128}) {
      cases.add(rope(1, d, new TokenGrid(1, 1, 1)));
      cases.add(rope(3, d, new TokenGrid(3, 5, 7)));
      cases.add(rope(2, d, new TokenGrid(21, 1, 4)));
    }
    // Positions up to 240 must not lose their angles' last digits.
    cases.add(rope(1, 128, new TokenGrid(1, 2, 241)));
    cases.add(rope(1, 24, new TokenGrid(1, 2, 241)));
    cases.add(rope(1, 24, new TokenGrid(241, 1, 2)));
    cases.add(rope(1, 24, new TokenGrid(1, 241, 3)));
    return cases;
  }

  private static OpCase rope(int heads, int d, TokenGrid grid) {
    CaseBuilder c = new CaseBuilder("rope");
    Value x = c.input("x", grid.tokens(), (long) heads * d);
    Tolerance tolerance =
        new Tolerance(
            16 * Tolerance.EPSILON,
            4 * Tolerance.EPSILON,
            "cosines and sines of exact angles, two products and a sum, in F32");
    return c.returns(
        c.g.rope(x, heads, grid), tolerance, "%d heads of %d, grid %s", heads, d, grid);
  }

  private static List<OpCase> embedding() {
    List<OpCase> cases = new ArrayList<>();
    for (DType dtype : LinearCases.WEIGHTS) {
      for (int d : new int[] {1, 7, 16, 65}) {
        cases.add(embedding(dtype, 13, d, 5));
        cases.add(embedding(dtype, 1, d, 2, 3));
      }
      cases.add(embedding(dtype, 300, 33, 130));
      cases.add(embedding(dtype, 11, 8));
      cases.add(embedding(dtype, 11, 8, 0));
    }
    return cases;
  }

  private static OpCase embedding(DType dtype, int rows, int d, long... dims) {
    CaseBuilder c = new CaseBuilder("embedding");
    Value table = c.parameter("table", dtype, rows, d);
    Value ids = c.input("ids", DType.I64, Fill.whole(0, rows), dims);
    return c.returns(
        c.g.embedding(table, ids),
        Tolerance.EXACT,
        "%s %s at %s",
        dtype,
        CaseBuilder.dims(rows, d),
        CaseBuilder.dims(dims));
  }
}
