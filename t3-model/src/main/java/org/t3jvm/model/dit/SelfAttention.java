package org.t3jvm.model.dit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Attention of tokens y [N, dim] to each other, before the gate (SPEC 4, step 5).
 *
 * <p>With several head groups only one group's queries, keys and values exist at a time. Their norm
 * is over all heads, so its factor is computed first, and the projections of queries and keys are
 * computed once more, group by group. All sums are the same sums: so are the bits.
 */
final class SelfAttention {
  private final DitConfig config;
  private final Tracer g;
  private final Weights weights;
  private final Taps taps;

  SelfAttention(DitConfig config, Tracer g, Weights weights, Taps taps) {
    this.config = config;
    this.g = g;
    this.weights = weights;
    this.taps = taps;
  }

  /**
   * Who attends to whom.
   *
   * @param scale of the scores
   * @param pooling see {@link SelfAttentionPlan#pooling}
   * @param headGroups a divisor of the heads
   */
  record Tokens(
      TokenGrid grid, AttentionPattern pattern, float scale, int pooling, int headGroups) {
    static Tokens of(
        DitConfig config, SelfAttentionPlan plan, int layer, TokenGrid grid, int headGroups) {
      return new Tokens(
          grid, plan.pattern(layer, grid), plan.scale(config), plan.pooling(), headGroups);
    }

    /** The same, attending to all tokens. */
    Tokens full() {
      return new Tokens(grid, new AttentionPattern.Full(), scale, 1, headGroups);
    }
  }

  /**
   * Traces it.
   *
   * @param y gives the tokens; called for each use, so that nobody needs to keep them
   */
  Value attend(Supplier<Value> y, Tokens tokens) {
    return attend(y, List.of(tokens)).getFirst();
  }

  /**
   * Several attentions of the same tokens, of which queries, keys and values are made once.
   *
   * @param ways which differ in patterns alone
   */
  List<Value> attend(Supplier<Value> y, List<Tokens> ways) {
    List<Value> attended =
        ways.getFirst().headGroups() == 1 ? together(y.get(), ways) : byGroups(y, ways);
    attended.forEach(each -> taps.tap(g, "self_attn.attn", each));
    return attended.stream().map(each -> weights.linear("o", each)).toList();
  }

  private List<Value> together(Value y, List<Tokens> ways) {
    TokenGrid grid = ways.getFirst().grid();
    Value q = g.rmsNorm(weights.linear("q", y), weights.get("norm_q.weight"), DitBlock.EPS);
    Value k = g.rmsNorm(weights.linear("k", y), weights.get("norm_k.weight"), DitBlock.EPS);
    Value rotatedQ = g.rope(q, config.heads(), grid);
    Value rotatedK = g.rope(k, config.heads(), grid);
    Value v = weights.linear("v", y);
    taps.tap(g, "self_attn.q_rope", rotatedQ);
    taps.tap(g, "self_attn.k_rope", rotatedK);
    taps.tap(g, "self_attn.v", v);
    return ways.stream()
        .map(tokens -> attention(rotatedQ, rotatedK, v, config.heads(), tokens))
        .toList();
  }

  private List<Value> byGroups(Supplier<Value> y, List<Tokens> ways) {
    TokenGrid grid = ways.getFirst().grid();
    int groups = ways.getFirst().headGroups();
    int heads = config.heads() / groups;
    long columns = config.dim() / groups;
    Value factorQ = g.rmsFactor(weights.linear("q", y.get()), DitBlock.EPS);
    Value factorK = g.rmsFactor(weights.linear("k", y.get()), DitBlock.EPS);
    List<List<Value>> parts = ways.stream().<List<Value>>map(way -> new ArrayList<>()).toList();
    for (int group = 0; group < groups; group++) {
      long start = group * columns;
      Value q = g.rope(normed("q", y.get(), factorQ, start, columns), heads, grid);
      Value k = g.rope(normed("k", y.get(), factorK, start, columns), heads, grid);
      Value v = weights.linear("v", y.get(), start, columns);
      for (int way = 0; way < ways.size(); way++) {
        parts.get(way).add(attention(q, k, v, heads, ways.get(way)));
      }
    }
    return parts.stream().map(each -> g.concat(1, each.toArray(Value[]::new))).toList();
  }

  /** Columns of a projection, normalised by the factor of all columns. */
  private Value normed(String name, Value y, Value factor, long start, long columns) {
    Value weight = g.slice(weights.get("norm_" + name + ".weight"), 0, start, columns);
    return g.mul(g.mul(weights.linear(name, y, start, columns), factor), weight);
  }

  private Value attention(Value q, Value k, Value v, int heads, Tokens tokens) {
    boolean pooled = tokens.pooling() > 1;
    return g.attention(
        q,
        pooled ? g.concat(0, k, pooled(k, tokens)) : k,
        pooled ? g.concat(0, v, pooled(v, tokens)) : v,
        heads,
        tokens.scale(),
        tokens.pattern(),
        null);
  }

  /** Means of squares of tokens of each frame of x [N, columns] (SPEC 21.4). */
  private Value pooled(Value x, Tokens tokens) {
    int side = tokens.pooling();
    TokenGrid grid = tokens.grid();
    long columns = x.shape().dim(1);
    long down = (long) grid.t() * grid.h() / side;
    long across = grid.w() / side;
    Value squares = g.reshape(x, down, side, across, side, columns);
    Value rows = g.reduce(Op.Reduce.Kind.MEAN, squares, 3);
    return g.reshape(g.reduce(Op.Reduce.Kind.MEAN, rows, 1), down * across, columns);
  }
}
