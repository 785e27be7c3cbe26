package org.t3jvm.model.dit;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** One transformer block over tokens x [N, dim] (SPEC 4, step 5). */
final class DitBlock {
  static final float EPS = 1e-6f;

  private final DitConfig config;
  private final Tracer g;
  private final Weights weights;
  private final Taps taps;

  DitBlock(DitConfig config, Tracer g, Weights weights, Taps taps) {
    this.config = config;
    this.g = g;
    this.weights = weights;
    this.taps = taps;
  }

  /**
   * The text side of a block's cross-attention.
   *
   * @param k keys [rows, dim]
   * @param v values [rows, dim]
   * @param bias added to the scores [1, 1, rows], or null
   */
  record Text(Value k, Value v, @Nullable Value bias) {}

  /**
   * The block over x [N, dim].
   *
   * @param tokenChunks see {@link Dit.Parts}
   */
  Value forward(
      Value x,
      Modulation modulation,
      Value projected,
      Text text,
      SelfAttention.Tokens tokens,
      int tokenChunks) {
    List<Value> m = modulation.vectors(weights.get("modulation"), projected, 6);
    Supplier<Value> y =
        () -> modulation.modulate(g.layerNorm(x, null, null, EPS), m.get(0), m.get(1));
    Value selfAttention =
        new SelfAttention(config, g, weights.at("self_attn"), taps).attend(y, tokens);
    taps.tap(g, "self_attn", selfAttention);
    Value attended = modulation.gatedResidual(x, m.get(2), selfAttention);

    Value normed =
        g.layerNorm(attended, weights.get("norm3.weight"), weights.get("norm3.bias"), EPS);
    Value crossAttention = crossAttention(weights.at("cross_attn"), normed, text);
    taps.tap(g, "cross_attn", crossAttention);
    Value informed = g.add(attended, crossAttention);

    Value z = modulation.modulate(g.layerNorm(informed, null, null, EPS), m.get(3), m.get(4));
    Value ffn = tokenChunks == 1 ? feedForward(z) : feedForward(z, tokenChunks);
    taps.tap(g, "ffn", ffn);
    return modulation.gatedResidual(informed, m.get(5), ffn);
  }

  private Value feedForward(Value z) {
    return weights.linear("ffn.2", g.geluTanh(weights.linear("ffn.0", z)));
  }

  /** The same for some tokens after the other. */
  private Value feedForward(Value z, int chunks) {
    long tokens = z.shape().dim(0);
    Value[] parts = new Value[chunks];
    for (int i = 0; i < chunks; i++) {
      long from = tokens * i / chunks;
      parts[i] = feedForward(g.slice(z, 0, from, tokens * (i + 1) / chunks - from));
    }
    return g.concat(0, parts);
  }

  private Value crossAttention(Weights attn, Value y, Text text) {
    Value q = g.rmsNorm(attn.linear("q", y), attn.get("norm_q.weight"), EPS);
    Value attended =
        g.attention(
            q,
            text.k(),
            text.v(),
            config.heads(),
            config.attentionScale(),
            new AttentionPattern.Full(),
            text.bias());
    return attn.linear("o", attended);
  }
}
