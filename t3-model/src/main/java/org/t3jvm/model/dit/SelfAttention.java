package org.t3jvm.model.dit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.graph.AttentionPattern;
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
   * @param headGroups a divisor of the heads
   */
  record Tokens(TokenGrid grid, AttentionPattern pattern, int headGroups) {}

  /**
   * Traces it.
   *
   * @param y gives the tokens; called for each use, so that nobody needs to keep them
   */
  Value attend(Supplier<Value> y, Tokens tokens) {
    Value attended = tokens.headGroups() == 1 ? together(y.get(), tokens) : byGroups(y, tokens);
    taps.tap(g, "self_attn.attn", attended);
    return weights.linear("o", attended);
  }

  private Value together(Value y, Tokens tokens) {
    Value q = g.rmsNorm(weights.linear("q", y), weights.get("norm_q.weight"), DitBlock.EPS);
    Value k = g.rmsNorm(weights.linear("k", y), weights.get("norm_k.weight"), DitBlock.EPS);
    Value rotatedQ = g.rope(q, config.heads(), tokens.grid());
    Value rotatedK = g.rope(k, config.heads(), tokens.grid());
    Value v = weights.linear("v", y);
    taps.tap(g, "self_attn.q_rope", rotatedQ);
    taps.tap(g, "self_attn.k_rope", rotatedK);
    taps.tap(g, "self_attn.v", v);
    return attention(rotatedQ, rotatedK, v, config.heads(), tokens);
  }

  private Value byGroups(Supplier<Value> y, Tokens tokens) {
    int groups = tokens.headGroups();
    int heads = config.heads() / groups;
    long columns = config.dim() / groups;
    Value factorQ = g.rmsFactor(weights.linear("q", y.get()), DitBlock.EPS);
    Value factorK = g.rmsFactor(weights.linear("k", y.get()), DitBlock.EPS);
    List<Value> parts = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      long start = group * columns;
      Value q = normed("q", y.get(), factorQ, start, columns);
      Value k = normed("k", y.get(), factorK, start, columns);
      Value v = weights.linear("v", y.get(), start, columns);
      parts.add(
          attention(
              g.rope(q, heads, tokens.grid()), g.rope(k, heads, tokens.grid()), v, heads, tokens));
    }
    return g.concat(1, parts.toArray(Value[]::new));
  }

  /** Columns of a projection, normalised by the factor of all columns. */
  private Value normed(String name, Value y, Value factor, long start, long columns) {
    Value weight = g.slice(weights.get("norm_" + name + ".weight"), 0, start, columns);
    return g.mul(g.mul(weights.linear(name, y, start, columns), factor), weight);
  }

  private Value attention(Value q, Value k, Value v, int heads, Tokens tokens) {
    return g.attention(q, k, v, heads, config.attentionScale(), tokens.pattern(), null);
  }
}
