package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Cases of {@link Op.Attention} with every query attending to every key. */
final class AttentionCases {
  private static final AttentionPattern FULL = new AttentionPattern.Full();
  private static final int[] HEAD_DIMS = {8, 24, 40, 64, 128};
  private static final int[] KEYS = {1, 17, 64, 65, 300};
  private static final int[] QUERIES = {1, 5, 12, 64, 65, 130};

  private AttentionCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int turn = 0;
    for (int d : HEAD_DIMS) {
      for (int keys : KEYS) {
        int queries = QUERIES[turn++ % QUERIES.length];
        cases.add(full(1 + turn % 3, d, queries, keys, 1));
      }
    }
    for (int queries : QUERIES) {
      cases.add(full(2, 6, queries, 70, 1));
      cases.add(full(1, 1, queries, 9, 1));
    }
    cases.add(full(12, 2, 3, 40, 1));
    cases.add(full(1, 512, 20, 33, 1));
    cases.add(full(3, 24, 0, 17, 1));
    cases.add(full(2, 16, 65, 130, 30));
    cases.add(full(2, 64, 40, 300, 200));
    cases.add(full(1, 8, 300, 17, 1e-3));
    cases.addAll(biased());
    cases.add(halfs());
    cases.add(selfAttention());
    return cases;
  }

  /**
   * Weights lie off by the absolute error of the scores, and the sum over keys adds roundings of
   * averages.
   */
  static Tolerance tolerance(int d, int keys, double magnitude) {
    double score = magnitude * (4 + Math.sqrt(d));
    return new Tolerance(
        Tolerance.EPSILON * (8 + keys / 16.0 + 2 * score),
        4 * Tolerance.EPSILON,
        "scores of about %.3g are summed over %d products, averages over %d keys in F32"
            .formatted(score, d, keys));
  }

  private static OpCase full(int heads, int d, int queries, int keys, double magnitude) {
    CaseBuilder c = new CaseBuilder("attention");
    Value q = c.input("q", DType.F32, Fill.normal(0, magnitude), queries, (long) heads * d);
    Value k = c.input("k", keys, (long) heads * d);
    Value v = c.input("v", keys, (long) heads * d);
    return c.returns(
        c.g.attention(q, k, v, heads, scale(d), FULL, null),
        tolerance(d, keys, magnitude),
        "%d heads of %d, %d queries, %d keys, scores of about %s",
        heads,
        d,
        queries,
        keys,
        magnitude);
  }

  private static float scale(int d) {
    return (float) (1 / Math.sqrt(d));
  }

  private static List<OpCase> biased() {
    List<OpCase> cases = new ArrayList<>();
    Fill plain = Fill.NORMAL;
    for (int queries : new int[] {5, 65}) {
      for (int keys : new int[] {1, 17, 130}) {
        cases.add(biased("normal", plain, 1, 1, queries, keys));
        cases.add(biased("normal", plain, 3, 1, queries, keys));
        cases.add(biased("normal", plain, 1, queries, queries, keys));
        cases.add(biased("normal", plain, 3, queries, queries, keys));
      }
    }
    cases.add(biased("normal", plain, 3, 150, 150, 203));
    cases.add(biased("large", Fill.normal(0, 100), 3, 33, 33, 70));
    // Masks: a big negative number, and minus infinity, for the first keys of all.
    double infinite = Double.NEGATIVE_INFINITY;
    cases.add(biased("-1e9 or 0", Fill.cycle(-1e9, 0, 0, -1e9, 0), 1, 33, 33, 131));
    cases.add(biased("-inf or 0", Fill.cycle(infinite, 0, infinite, infinite), 1, 1, 33, 131));
    cases.add(
        biased("-inf before key 70", (random, i) -> i % 131 < 70 ? infinite : 0, 3, 1, 33, 131));
    // One key that stands for many equal ones.
    cases.add(
        biased("log 480 at the last key", (r, i) -> i == 32 ? Math.log(480) : 0, 1, 1, 70, 33));
    return cases;
  }

  private static OpCase biased(
      String what, Fill fill, int biasHeads, int biasRows, int queries, int keys) {
    int heads = 3;
    int d = 16;
    CaseBuilder c = new CaseBuilder("attention");
    Value q = c.input("q", queries, (long) heads * d);
    Value k = c.input("k", keys, (long) heads * d);
    Value v = c.input("v", keys, (long) heads * d);
    Value bias = c.input("bias", DType.F32, fill, biasHeads, biasRows, keys);
    return c.returns(
        c.g.attention(q, k, v, heads, 1, FULL, bias),
        tolerance(d, keys, what.equals("large") ? 100 : 2),
        "3 heads of 16, %d queries, %d keys + bias %s, %s",
        queries,
        keys,
        CaseBuilder.dims(biasHeads, biasRows, keys),
        what);
  }

  /** The tracer casts what is stored as half floats. */
  private static OpCase halfs() {
    CaseBuilder c = new CaseBuilder("attention");
    Value q = c.input("q", DType.BF16, Fill.NORMAL, 13, 48);
    Value k = c.input("k", DType.F16, Fill.NORMAL, 19, 48);
    Value v = c.input("v", DType.BF16, Fill.NORMAL, 19, 48);
    return c.returns(
        c.g.attention(q, k, v, 2, scale(24), FULL, null),
        tolerance(24, 19, 1),
        "2 heads of 24, 13 queries, 19 keys, BF16 and F16");
  }

  /** One value as q, k and v. */
  private static OpCase selfAttention() {
    CaseBuilder c = new CaseBuilder("attention");
    Value x = c.input("x", 77, 36);
    return c.returns(
        c.g.attention(x, x, x, 3, scale(12), FULL, null),
        tolerance(12, 77, 4),
        "3 heads of 12, 77 queries that are the keys and the values");
  }
}
