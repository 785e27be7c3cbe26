package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Cases of the light ops on enough elements that a backend shares them out, at extents that no
 * block size divides. The products' other cases are large enough.
 */
final class LargeCases {
  private static final Tolerance FEW =
      Tolerance.ofUlps(8, "a few roundings in F32")
          .orAbsolute(16 * Tolerance.EPSILON, "products of up to 16 may be rounded before a sum");

  private LargeCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    cases.addAll(elementwise());
    cases.addAll(rows());
    cases.addAll(reduces());
    cases.addAll(moves());
    return cases;
  }

  /** One op on one F32 input. */
  private static OpCase of(
      String op, Tolerance tolerance, BiFunction<Tracer, Value, Value> trace, long... dims) {
    return of(op, op, DType.F32, Fill.NORMAL, tolerance, trace, dims);
  }

  private static OpCase of(
      String op,
      String what,
      DType dtype,
      Fill fill,
      Tolerance tolerance,
      BiFunction<Tracer, Value, Value> trace,
      long... dims) {
    CaseBuilder c = new CaseBuilder(op);
    Value x = c.input("x", dtype, fill, dims);
    return c.returns(
        trace.apply(c.g, x), tolerance, "%s large %s, %s", dtype, CaseBuilder.dims(dims), what);
  }

  private static List<OpCase> elementwise() {
    List<OpCase> cases = new ArrayList<>();
    cases.add(of("silu", FEW, Tracer::silu, 3, 50021));
    cases.add(of("gelu_tanh", FEW, Tracer::geluTanh, 150001));
    cases.add(of("affine", FEW, (g, x) -> g.affine(x, 3, -1), 150001));
    cases.add(of("clamp", Tolerance.EXACT, (g, x) -> g.clamp(x, -1, 1), 150001));
    long[][] others = {{1201, 131}, {131}, {1201, 1}, {1}, {7, 1201, 1}};
    for (long[] other : others) {
      CaseBuilder c = new CaseBuilder("add");
      Value x = c.input("x", 1201, 131);
      Value y = c.input("other", other);
      cases.add(c.returns(c.g.add(x, y), FEW, "large [1201x131], %s", CaseBuilder.dims(other)));
    }
    for (long[] other : new long[][] {{131}, {1201, 1}}) {
      String name = CaseBuilder.dims(other);
      CaseBuilder m = new CaseBuilder("modulate");
      Value x = m.input("x", 1201, 131);
      Value modulated = m.g.modulate(x, m.input("shift", other), m.input("scale", 131));
      cases.add(m.returns(modulated, FEW, "large [1201x131], shift %s", name));
      CaseBuilder r = new CaseBuilder("gatedResidual");
      Value residual = r.input("x", 1201, 131);
      Value gated = r.g.gatedResidual(residual, r.input("gate", other), r.input("u", 1201, 131));
      cases.add(r.returns(gated, FEW, "large [1201x131], gate %s", name));
    }
    for (DType from : LinearCases.WEIGHTS) {
      for (DType to : LinearCases.WEIGHTS) {
        if (from != to) {
          String what = "to " + to;
          cases.add(
              of(
                  "cast",
                  what,
                  from,
                  Fill.NORMAL,
                  Tolerance.EXACT,
                  (g, x) -> g.cast(x, to),
                  200003));
        }
      }
    }
    return cases;
  }

  private static List<OpCase> rows() {
    List<OpCase> cases = new ArrayList<>();
    for (long[] dims : new long[][] {{701, 257}, {3, 40009}}) {
      Tolerance sums = Tolerance.ofUlps(16 + Math.sqrt((double) dims[1]), "sums along rows in F32");
      Tolerance means = sums.orAbsolute(1e-5, "means of about 1 are subtracted");
      cases.add(of("softmax", sums.orAbsolute(1e-36, "subnormal"), Tracer::softmax, dims));
      cases.add(named("norm", "RMS", sums, (g, x) -> g.rmsNorm(x, null, 1e-6f), dims));
      cases.add(named("norm", "L2", sums, (g, x) -> g.l2Norm(x, null, 1e-12f), dims));
      cases.add(named("norm", "LAYER", means, (g, x) -> g.layerNorm(x, null, null, 1e-6f), dims));
    }
    TokenGrid grid = new TokenGrid(3, 20, 30);
    cases.add(of("rope", FEW, (g, x) -> g.rope(x, 4, grid), grid.tokens(), 96));
    CaseBuilder c = new CaseBuilder("embedding");
    Value table = c.parameter("table", DType.BF16, 1000, 97);
    Value ids = c.input("ids", DType.I64, Fill.whole(0, 1000), 2003);
    cases.add(
        c.returns(c.g.embedding(table, ids), Tolerance.EXACT, "large BF16 [1000x97] at [2003]"));
    return cases;
  }

  private static OpCase named(
      String op,
      String what,
      Tolerance tolerance,
      BiFunction<Tracer, Value, Value> trace,
      long... dims) {
    return of(op, what, DType.F32, Fill.NORMAL, tolerance, trace, dims);
  }

  private static List<OpCase> reduces() {
    List<OpCase> cases = new ArrayList<>();
    for (Op.Reduce.Kind kind : Op.Reduce.Kind.values()) {
      cases.add(reduce(kind, 1, 5, 40009));
      cases.add(reduce(kind, 0, 1031, 150));
      cases.add(reduce(kind, 1, 2, 70, 1501));
      cases.add(reduce(kind, 2, 11, 1301, 13));
    }
    return cases;
  }

  private static OpCase reduce(Op.Reduce.Kind kind, int axis, long... dims) {
    Tolerance tolerance =
        switch (kind) {
          case SUM -> Tolerance.ofSum(dims[axis], 1);
          case MEAN -> Tolerance.ofSum(dims[axis], 1.0 / dims[axis]);
          case MAX -> Tolerance.EXACT;
        };
    return named(
        "reduce", kind + " of axis " + axis, tolerance, (g, x) -> g.reduce(kind, x, axis), dims);
  }

  private static List<OpCase> moves() {
    List<OpCase> cases = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.F16)) {
      cases.add(move("permute", "to 1, 0", dtype, (g, x) -> g.permute(x, 1, 0), 401, 503));
      cases.add(move("permute", "to 2, 0, 1", dtype, (g, x) -> g.permute(x, 2, 0, 1), 40, 50, 101));
      cases.add(move("permute", "to 1, 0, 2", dtype, (g, x) -> g.permute(x, 1, 0, 2), 40, 50, 101));
      cases.add(move("slice", "columns", dtype, (g, x) -> g.slice(x, 1, 3, 471), 401, 503));
      cases.add(move("concat", "columns", dtype, (g, x) -> g.concat(1, x, x, x), 1601, 53));
      cases.add(move("concat", "rows", dtype, (g, x) -> g.concat(0, x, x), 1601, 53));
    }
    cases.add(move("upsample", "by 2", DType.F32, (g, x) -> g.upsample(x, 2), 4, 31, 41, 11));
    return cases;
  }

  private static OpCase move(
      String op, String what, DType dtype, BiFunction<Tracer, Value, Value> trace, long... dims) {
    return of(op, what, dtype, Fill.whole(0, 2000), Tolerance.EXACT, trace, dims);
  }
}
