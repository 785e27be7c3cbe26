package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.WindowCounts;

/** Cases of {@link GradientOp}s. */
final class GradientCases {
  private GradientCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    broadcasts(cases);
    derivatives(cases);
    norms(cases);
    cases.add(scatterAdd(70, 5, 3));
    cases.add(scatterAdd(3, 700, 33));
    cases.add(scatterAdd(1, 9, 1));
    convolutions(cases);
    attention(cases);
    return cases;
  }

  private static void broadcasts(List<OpCase> cases) {
    cases.add(broadcast(Shape.of(1), Shape.of(70001)));
    cases.add(broadcast(Shape.of(3, 1, 5), Shape.of(2, 3, 33, 5)));
    cases.add(broadcast(Shape.of(257, 1), Shape.of(3, 257, 301)));
    cases.add(broadcast(Shape.of(5), Shape.of(0, 5)));
    cases.add(broadcast(Shape.of(4, 5), Shape.of(4, 5)));
  }

  private static OpCase broadcast(Shape from, Shape to) {
    CaseBuilder c = new CaseBuilder("broadcast");
    Value x = c.input("x", from.dims());
    Value y = c.g.append(new GradientOp.Broadcast(x, to));
    return c.returns(
        y, Tolerance.EXACT, "%s to %s", CaseBuilder.dims(from.dims()), CaseBuilder.dims(to.dims()));
  }

  private static void derivatives(List<OpCase> cases) {
    Tolerance tolerance =
        Tolerance.ofUlps(16, "a few roundings in F32")
            .orAbsolute(24 * Tolerance.EPSILON, "terms of about 1 cancel near an extremum");
    for (Op.Unary.Kind kind : Op.Unary.Kind.values()) {
      for (long n : new long[] {1, 17, 70001}) {
        CaseBuilder c = new CaseBuilder("unaryGrad");
        Fill fill =
            switch (kind) {
              case SQRT -> Fill.uniform(0.01, 4);
              case EXP -> Fill.NORMAL;
              case SILU, GELU_TANH -> Fill.normal(0, 3);
            };
        Value x = c.input("x", DType.F32, fill, n);
        Value y = c.g.append(new GradientOp.UnaryGrad(kind, x, c.input("dy", n)));
        cases.add(c.returns(y, tolerance, "of %s, [%d]", kind, n));
      }
    }
    for (Op.Unary.Kind kind : List.of(Op.Unary.Kind.SILU, Op.Unary.Kind.GELU_TANH)) {
      CaseBuilder c = new CaseBuilder("unaryGrad");
      Value x = c.input("x", DType.F32, Fill.cycle(-1e30, -100, -20, 0, 20, 100, 1e30), 35);
      Value y = c.g.append(new GradientOp.UnaryGrad(kind, x, c.input("dy", 35)));
      cases.add(c.returns(y, tolerance, "of %s, far out", kind));
    }
    CaseBuilder c = new CaseBuilder("clampGrad");
    Value x = c.input("x", DType.F32, Fill.cycle(-2, -1, -0.5, 0, 0.5, 1, 2), 1001);
    Value y = c.g.append(new GradientOp.ClampGrad(x, -1, 0.5f, c.input("dy", 1001)));
    cases.add(c.returns(y, Tolerance.EXACT, "[1001], at the limits too"));
  }

  private static void norms(List<OpCase> cases) {
    for (Op.Norm.Kind kind : Op.Norm.Kind.values()) {
      for (long width : new long[] {2, 15, 64, 1537}) {
        cases.add(norm(kind, true, 1e-6f, 1, 13, width));
        cases.add(norm(kind, false, 1e-6f, 1, 2, 5, width));
      }
      cases.add(norm(kind, true, 10, 1, 3, 33));
      cases.add(norm(kind, true, 1e-6f, 100, 3, 33));
    }
  }

  private static OpCase norm(
      Op.Norm.Kind kind, boolean weighted, float eps, double deviation, long... dims) {
    CaseBuilder c = new CaseBuilder("normGrad");
    long width = dims[dims.length - 1];
    Value x = c.input("x", DType.F32, Fill.normal(0.5, deviation), dims);
    @Nullable Value weight = weighted ? c.input("weight", width) : null;
    Value dy = c.input("dy", dims);
    Value y = c.g.append(new GradientOp.NormGrad(kind, x, weight, dy, eps));
    // Of two columns a layer norm's gradient is nearly 0 times a factor that may be large.
    double factor = width == 2 ? 1000 : 1;
    return c.returns(
        y,
        Tolerance.ofSum(16, 4 * factor),
        "%s %s%s, eps %s, deviation %s",
        kind,
        CaseBuilder.dims(dims),
        weighted ? ", weight" : "",
        eps,
        deviation);
  }

  private static OpCase scatterAdd(int rows, int count, int width) {
    CaseBuilder c = new CaseBuilder("scatterAdd");
    Value ids = c.input("ids", DType.I64, Fill.whole(0, rows), count);
    Value y = c.g.append(new GradientOp.ScatterAdd(ids, c.input("x", count, width), rows));
    return c.returns(
        y, Tolerance.ofSum(count, 1), "%d rows of %d to a table of %d", count, width, rows);
  }

  private static void convolutions(List<OpCase> cases) {
    ConvGeometry same = ConvGeometry.sameInSpace(3, 3);
    cases.add(conv(Shape.of(3, 5, 7, 4), Shape.of(6, 4, 3, 3, 3), same));
    cases.add(conv(Shape.of(1, 17, 33, 35), Shape.of(13, 35, 1, 3, 3), same));
    cases.add(conv(Shape.of(3, 35, 12, 16), Shape.of(16, 16, 3, 3, 3), same));
    cases.add(conv(Shape.of(2, 4, 9, 40), Shape.of(250, 40, 1, 3, 3), same));
    cases.add(conv(Shape.of(2, 3, 4, 65), Shape.of(33, 65, 1, 1, 1), ConvGeometry.valid()));
    cases.add(
        conv(Shape.of(1, 17, 300, 65), Shape.of(9, 65, 1, 1, 3), ConvGeometry.sameInSpace(1, 3)));
    cases.add(
        conv(
            Shape.of(3, 9, 8, 66),
            Shape.of(200, 66, 3, 3, 3),
            new ConvGeometry(1, 2, 2, 2, 1, 0, 1, 0, 1)));
    cases.add(
        conv(
            Shape.of(2, 9, 8, 5),
            Shape.of(3, 5, 1, 3, 3),
            new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1)));
    cases.add(
        conv(
            Shape.of(7, 3, 4, 6),
            Shape.of(5, 6, 3, 1, 1),
            new ConvGeometry(2, 1, 1, 1, 0, 0, 0, 0, 0)));
  }

  private static OpCase conv(Shape x, Shape weight, ConvGeometry geometry) {
    CaseBuilder c = new CaseBuilder("conv3dWeightGrad");
    Value input = c.input("x", x.dims());
    Value dyLike = c.g.conv3d(input, c.input("weight", weight.dims()), null, geometry);
    Value dy = c.input("dy", dyLike.shape().dims());
    Value y = c.g.append(new GradientOp.Conv3dWeightGrad(input, dy, weight, geometry));
    return c.returns(
        y,
        Tolerance.ofSum(dy.shape().outer(3), 1),
        "%s by %s, %s",
        CaseBuilder.dims(x.dims()),
        CaseBuilder.dims(weight.dims()),
        geometry);
  }

  private static void attention(List<OpCase> cases) {
    AttentionPattern full = new AttentionPattern.Full();
    for (int[] size :
        new int[][] {
          {1, 1, 1, 1},
          {3, 8, 5, 17},
          {2, 24, 95, 64},
          {2, 40, 97, 65},
          {1, 128, 200, 193},
          {1, 300, 9, 70}
        }) {
      cases.add(saved(size, full));
      cases.add(gradients(size, full, false, 0));
    }
    cases.add(gradients(new int[] {3, 16, 33, 70}, full, true, 3));
    cases.add(gradients(new int[] {3, 16, 33, 70}, full, false, 1));
    TokenGrid grid = new TokenGrid(3, 7, 10);
    for (Grouping grouping : List.of(Grouping.CLOSE, Grouping.REMOTE)) {
      for (WindowCounts counts : List.of(new WindowCounts(3, 1, 1), new WindowCounts(2, 3, 4))) {
        AttentionPattern windows = new AttentionPattern.Windows(grid, counts, grouping);
        cases.add(saved(new int[] {2, 12, 210, 210}, windows));
        cases.add(gradients(new int[] {2, 12, 210, 210}, windows, false, 0));
      }
    }
    for (int extra : new int[] {0, 1, 70}) {
      AttentionPattern inward = new AttentionPattern.Inward(grid, 2, 1, extra);
      cases.add(saved(new int[] {2, 12, 210, 210 + extra}, inward));
      cases.add(gradients(new int[] {2, 12, 210, 210 + extra}, inward, false, 0));
    }
  }

  private static OpCase saved(int[] size, AttentionPattern pattern) {
    CaseBuilder c = new CaseBuilder("savedAttention");
    Op.Attention op = attention(c, size, pattern, 0);
    return c.returns(
        c.g.append(new GradientOp.SavedAttention(op)),
        AttentionCases.tolerance(size[1], size[3], 1),
        "%d heads of %d, %d queries, %d keys, %s",
        size[0],
        size[1],
        size[2],
        size[3],
        pattern);
  }

  private static OpCase gradients(
      int[] size, AttentionPattern pattern, boolean ofScores, int biasHeads) {
    CaseBuilder c = new CaseBuilder("attentionGrad");
    Op.Attention op = attention(c, size, pattern, biasHeads);
    Value saved = c.g.append(new GradientOp.SavedAttention(op));
    Value dy = c.input("dy", op.q().shape().dims());
    int d = size[1];
    return c.returns(
        c.g.append(new GradientOp.AttentionGrad(op, saved, dy, ofScores)),
        new Tolerance(
            Tolerance.EPSILON * (16 + size[2] / 8.0 + size[3] / 8.0) * (8 + Math.sqrt(d)),
            8 * Tolerance.EPSILON,
            "products of %d columns are summed over queries or keys in F32".formatted(d)),
        "%d heads of %d, %d queries, %d keys, %s%s%s",
        size[0],
        d,
        size[2],
        size[3],
        pattern,
        biasHeads == 0 ? "" : ", bias of %d heads".formatted(biasHeads),
        ofScores ? ", of the scores" : "");
  }

  private static Op.Attention attention(
      CaseBuilder c, int[] size, AttentionPattern pattern, int biasHeads) {
    long columns = (long) size[0] * size[1];
    Value q = c.input("q", size[2], columns);
    Value k = c.input("k", size[3], columns);
    Value v = c.input("v", size[3], columns);
    @Nullable Value bias = biasHeads == 0 ? null : c.input("bias", biasHeads, size[2], size[3]);
    float scale = (float) (1 / Math.sqrt(size[1]));
    return new Op.Attention(q, k, v, size[0], scale, pattern, bias);
  }
}
