package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Cases with one NaN or infinity among ordinary elements: it must reach every result that depends
 * on it, and no other, so that a broken weight or latent is seen where it is checked.
 */
final class SpecialCases {
  private static final double[] SPECIALS = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  private SpecialCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (double special : SPECIALS) {
      for (int rows : new int[] {13, 70}) {
        cases.add(linear(special, rows));
        cases.add(matMul(special, rows));
      }
      cases.add(conv(special));
      cases.add(elementwise(special));
      for (int axis = 0; axis < 3; axis++) {
        for (Op.Reduce.Kind kind : Op.Reduce.Kind.values()) {
          cases.add(reduce(special, kind, axis));
        }
      }
    }
    for (String operand : List.of("q", "k", "v")) {
      cases.add(attention(operand));
    }
    cases.addAll(rows());
    cases.addAll(clean());
    return cases;
  }

  /** What an op leaves behind in working memory must not reach the next one. */
  private static List<OpCase> clean() {
    List<OpCase> cases = new ArrayList<>();
    for (int kind = 0; kind < 6; kind++) {
      CaseBuilder c = new CaseBuilder("chain");
      Value broken = c.input("broken", DType.F32, Fill.constant(Double.NaN), 70, 600);
      Value dirty = c.g.linear(broken, c.parameter("weight", DType.F32, 70, 600), null);
      dirty = c.g.attention(dirty, dirty, dirty, 1, 1, new AttentionPattern.Full(), null);
      dirty = c.g.linear(c.g.slice(dirty, 0, 0, 13), dirty, null);
      Value x = c.input("x", 70, 19);
      Value few = c.input("few", 5, 19);
      Value weight = c.parameter("small", DType.BF16, 33, 19);
      Value y =
          switch (kind) {
            case 0 -> c.g.linear(few, weight, null);
            case 1 -> c.g.linear(x, weight, null);
            case 2 -> c.g.matMul(few, weight, true);
            case 3 -> c.g.attention(few, x, x, 1, 1, new AttentionPattern.Full(), null);
            case 4 -> c.g.reduce(Op.Reduce.Kind.SUM, x, 0);
            default ->
                c.g.conv3d(
                    c.g.reshape(x, 1, 7, 10, 19),
                    c.g.reshape(weight, 3, 19, 1, 1, 11),
                    null,
                    ConvGeometry.sameInSpace(1, 11));
          };
      String after =
          List.of(
                  "linear of 5 rows",
                  "linear of 70 rows",
                  "matMul",
                  "attention",
                  "reduce",
                  "conv3d")
              .get(kind);
      cases.add(
          c.returns(
              c.g.concat(0, flat(c, dirty), flat(c, y)),
              AttentionCases.tolerance(19, 70, 4).orAbsolute(1e-4, "sums of up to 209 terms"),
              "%s after linear and attention of NaN",
              after));
    }
    return cases;
  }

  private static Value flat(CaseBuilder c, Value value) {
    return c.g.reshape(value, value.shape().elements());
  }

  private static Fill at(long place, double special) {
    return (random, i) -> i == place ? special : random.nextGaussian();
  }

  /** A sum that meets both infinities is NaN in any order. */
  private static Tolerance sum(long terms) {
    return Tolerance.ofSum(terms, 1);
  }

  private static OpCase linear(double special, int rows) {
    CaseBuilder c = new CaseBuilder("linear");
    Value x = c.input("x", DType.F32, at(5 * 19 + 3, special), rows, 19);
    Value weight = c.parameter("weight", DType.BF16, at(7 * 19 + 18, special), 33, 19);
    return c.returns(
        c.g.linear(x, weight, null), sum(19), "[%dx19] x [33x19], each with one %s", rows, special);
  }

  private static OpCase matMul(double special, int rows) {
    CaseBuilder c = new CaseBuilder("matMul");
    Value a = c.input("a", DType.F32, at(5 * 19 + 3, special), 2, rows, 19);
    Value b = c.input("b", DType.F32, at(18 * 33 + 7, special), 2, 19, 33);
    return c.returns(
        c.g.matMul(a, b, false), sum(19), "[2x%dx19] x [2x19x33], each with one %s", rows, special);
  }

  private static OpCase conv(double special) {
    CaseBuilder c = new CaseBuilder("conv3d");
    Value x = c.input("x", DType.F32, at(((8 + 3) * 9 + 4) * 3 + 1, special), 2, 8, 9, 3);
    Value weight = c.parameter("weight", DType.F32, 5, 3, 1, 3, 3);
    return c.returns(
        c.g.conv3d(x, weight, null, ConvGeometry.sameInSpace(3, 3)),
        sum(27),
        "[2x8x9x3] x [5x3x1x3x3], x with one %s",
        special);
  }

  private static OpCase elementwise(double special) {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.input("x", DType.F32, at(20, special), 2, 17);
    Value clamped = c.g.clamp(x, -1, 1);
    return c.returns(
        c.g.concat(0, clamped, c.g.silu(c.g.clamp(x, -1e30f, 1e30f)), c.g.exp(x), c.g.sqrt(x)),
        Tolerance.ofUlps(8, "e^x, a sum and a quotient in F32").orAbsolute(1e-33, "x e^x"),
        "clamp, silu, exp and sqrt of one %s",
        special);
  }

  private static OpCase reduce(double special, Op.Reduce.Kind kind, int axis) {
    CaseBuilder c = new CaseBuilder("reduce");
    Value x = c.input("x", DType.F32, at((2 * 19 + 7) * 18 + 17, special), 5, 19, 18);
    return c.returns(
        c.g.reduce(kind, x, axis),
        sum(19),
        "%s of axis %d of [5x19x18] with one %s",
        kind,
        axis,
        special);
  }

  private static OpCase attention(String operand) {
    CaseBuilder c = new CaseBuilder("attention");
    Value[] qkv = new Value[3];
    for (int i = 0; i < 3; i++) {
      String name = List.of("q", "k", "v").get(i);
      Fill fill = name.equals(operand) ? at(66 * 24 + 9, Double.NaN) : Fill.NORMAL;
      qkv[i] = c.input(name, DType.F32, fill, i == 0 ? 70 : 90, 24);
    }
    return c.returns(
        c.g.attention(qkv[0], qkv[1], qkv[2], 3, 0.35f, new AttentionPattern.Full(), null),
        AttentionCases.tolerance(8, 90, 1),
        "3 heads of 8, 70 queries, 90 keys, one NaN in %s",
        operand);
  }

  private static List<OpCase> rows() {
    List<OpCase> cases = new ArrayList<>();
    for (int kind = 0; kind < 4; kind++) {
      CaseBuilder c = new CaseBuilder(kind == 0 ? "softmax" : "norm");
      Value x = c.input("x", DType.F32, at(2 * 35 + 34, Double.NaN), 5, 35);
      Value y =
          switch (kind) {
            case 0 -> c.g.softmax(x);
            case 1 -> c.g.rmsNorm(x, null, 1e-6f);
            case 2 -> c.g.layerNorm(x, null, null, 1e-6f);
            default -> c.g.l2Norm(x, null, 1e-12f);
          };
      String name = List.of("softmax", "RMS", "LAYER", "L2").get(kind);
      cases.add(c.returns(y, sum(35), "%s of [5x35] with one NaN", name));
    }
    return cases;
  }
}
