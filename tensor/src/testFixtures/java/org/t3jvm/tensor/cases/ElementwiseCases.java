package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Cases of the elementwise ops: lengths around every lane count, broadcasts, extreme elements. */
final class ElementwiseCases {
  private static final long[][] SHAPES = {
    {1},
    {2},
    {3},
    {4},
    {5},
    {7},
    {8},
    {9},
    {15},
    {16},
    {17},
    {31},
    {33},
    {1003},
    {5, 7},
    {2, 3, 11},
    {1, 1, 1, 13},
    {0},
    {3, 0, 2},
    {}
  };

  private static final Fill EXTREMES =
      Fill.cycle(
          0, -0.0, 1e-30, -1e-30, 1e-6, -1e-6, 0.5, -0.5, 1, -1, 3, -3, 6, -6, 10, -10, 20, -20, 40,
          -40, 80, -80);

  /** Pairs of shapes that broadcast; some both ways. */
  private static final long[][][] PAIRS = {
    {{1}, {1}},
    {{17}, {17}},
    {{17}, {1}},
    {{1}, {17}},
    {{17}, {}},
    {{}, {17}},
    {{5, 7}, {5, 7}},
    {{5, 7}, {7}},
    {{7}, {5, 7}},
    {{5, 7}, {1, 7}},
    {{5, 7}, {5, 1}},
    {{5, 1}, {5, 7}},
    {{5, 1}, {1, 7}},
    {{1, 7}, {5, 1}},
    {{5, 7}, {1, 1}},
    {{13, 64}, {64}},
    {{13, 64}, {13, 1}},
    {{2, 3, 16}, {2, 1, 16}},
    {{2, 3, 16}, {3, 1}},
    {{2, 3, 16}, {1, 3, 16}},
    {{2, 1, 16}, {3, 1}},
    {{2, 3, 5, 33}, {2, 1, 5, 1}},
    {{2, 3, 5, 33}, {3, 1, 33}},
    {{2, 1, 5, 1, 3}, {4, 1, 6, 1}},
    {{0, 7}, {7}},
    {{3, 0}, {3, 1}},
    {{300, 100}, {300, 100}},
  };

  private ElementwiseCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (long[] shape : SHAPES) {
      for (Op.Unary.Kind kind : Op.Unary.Kind.values()) {
        cases.add(unary(kind, Fill.NORMAL, "normal", DType.F32, shape));
      }
      cases.add(affine(1.7f, -0.3f, shape));
      cases.add(clamp(-0.5f, 0.75f, shape));
    }
    for (Op.Unary.Kind kind : Op.Unary.Kind.values()) {
      cases.add(unary(kind, EXTREMES, "small and large", DType.F32, 2, 22));
      cases.add(unary(kind, Fill.NORMAL, "normal", DType.BF16, 5, 7));
    }
    cases.add(affine(0, 2, 5, 7));
    cases.add(affine(-1e6f, 1e-6f, 33));
    cases.add(clamp(0, 0, 19));
    cases.add(clamp(-1, Float.POSITIVE_INFINITY, 19));
    for (long[][] pair : PAIRS) {
      for (Op.Binary.Kind kind : Op.Binary.Kind.values()) {
        cases.add(binary(kind, DType.F32, DType.F32, pair[0], pair[1]));
      }
    }
    for (Op.Binary.Kind kind : Op.Binary.Kind.values()) {
      cases.add(binary(kind, DType.BF16, DType.F32, new long[] {5, 7}, new long[] {7}));
      cases.add(binary(kind, DType.F32, DType.F16, new long[] {5, 7}, new long[] {5, 1}));
    }
    return cases;
  }

  private static OpCase unary(
      Op.Unary.Kind kind, Fill fill, String what, DType dtype, long... dims) {
    CaseBuilder c = new CaseBuilder(kind.name().toLowerCase(Locale.ROOT));
    boolean root = kind == Op.Unary.Kind.SQRT;
    Fill domain = root ? (random, i) -> Math.abs(fill.element(random, i)) : fill;
    Value x = c.input("x", dtype, domain, dims);
    Value y =
        switch (kind) {
          case SILU -> c.g.silu(x);
          case GELU_TANH -> c.g.geluTanh(x);
          case EXP -> c.g.exp(x);
          case SQRT -> c.g.sqrt(x);
        };
    return c.returns(y, unaryTolerance(kind), "%s %s, %s", dtype, CaseBuilder.dims(dims), what);
  }

  private static Tolerance unaryTolerance(Op.Unary.Kind kind) {
    return switch (kind) {
      case SQRT -> Tolerance.ofUlps(1, "one rounding");
      case EXP -> Tolerance.ofUlps(4, "a polynomial in F32");
      case SILU ->
          Tolerance.ofUlps(8, "e^x, a sum and a quotient in F32")
              .orAbsolute(1e-33, "x e^x may overflow in between");
      case GELU_TANH ->
          Tolerance.ofUlps(8, "e^2u, a sum and a quotient in F32")
              .orAbsolute(4e-7, "e^2u carries the rounding of u, where the result is below 1");
    };
  }

  private static OpCase affine(float scale, float offset, long... dims) {
    CaseBuilder c = new CaseBuilder("affine");
    Value x = c.input("x", dims);
    double largest = 5 * Math.abs(scale) + Math.abs(offset);
    return c.returns(
        c.g.affine(x, scale, offset),
        Tolerance.ofUlps(1, "one or two roundings")
            .orAbsolute(largest * Tolerance.EPSILON, "the product may be rounded before the sum"),
        "%s * %s + %s",
        CaseBuilder.dims(dims),
        scale,
        offset);
  }

  private static OpCase clamp(float low, float high, long... dims) {
    CaseBuilder c = new CaseBuilder("clamp");
    Value x = c.input("x", dims);
    return c.returns(
        c.g.clamp(x, low, high),
        Tolerance.EXACT,
        "%s to %s, %s",
        CaseBuilder.dims(dims),
        low,
        high);
  }

  private static OpCase binary(
      Op.Binary.Kind kind, DType left, DType right, long[] leftDims, long[] rightDims) {
    CaseBuilder c = new CaseBuilder(kind.name().toLowerCase(Locale.ROOT));
    Value a = c.input("a", left, Fill.NORMAL, leftDims);
    // Divisors stay away from 0.
    Fill fill =
        kind == Op.Binary.Kind.DIV
            ? (random, i) -> (random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble())
            : Fill.NORMAL;
    Value b = c.input("b", right, fill, rightDims);
    Value y =
        switch (kind) {
          case ADD -> c.g.add(a, b);
          case SUB -> c.g.sub(a, b);
          case MUL -> c.g.mul(a, b);
          case DIV -> c.g.div(a, b);
        };
    Tolerance tolerance =
        kind == Op.Binary.Kind.DIV
            ? Tolerance.ofUlps(3, "a reciprocal may take part")
            : Tolerance.ofUlps(0.5, "one rounding");
    return c.returns(
        y,
        tolerance,
        "%s %s, %s %s",
        left,
        CaseBuilder.dims(leftDims),
        right,
        CaseBuilder.dims(rightDims));
  }
}
