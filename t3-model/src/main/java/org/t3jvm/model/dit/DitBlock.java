package org.t3jvm.model.dit;

import java.util.List;
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
   * What a block has in common with all others.
   *
   * @param projected the timestep's projection
   * @param tokenChunks see {@link Dit.Parts}
   */
  record Pass(Modulation modulation, Value projected, int tokenChunks) {}

  /** The block over x [N, dim]. */
  Value forward(Value x, Pass pass, Text text, SelfAttention.Tokens tokens) {
    List<Value> m = vectors(pass);
    Value selfAttention = selfAttention().attend(() -> attending(x, pass, m), tokens);
    taps.tap(g, "self_attn", selfAttention);
    Value attended = pass.modulation().gatedResidual(x, m.get(2), selfAttention);
    return fed(g.add(attended, crossAttention(attended, text)), pass, m);
  }

  /**
   * The block over x [N, dim], with cross-attention that an earlier step gave.
   *
   * @param crossAttention [N, dim]
   */
  Value forward(Value x, Pass pass, Value crossAttention, SelfAttention.Tokens tokens) {
    List<Value> m = vectors(pass);
    Value selfAttention = selfAttention().attend(() -> attending(x, pass, m), tokens);
    Value attended = pass.modulation().gatedResidual(x, m.get(2), selfAttention);
    return fed(g.add(attended, crossAttention), pass, m);
  }

  /**
   * Tokens of both paths, and what cross-attention gave them (SPEC 20.4).
   *
   * @param window of the path that attends in windows [N, dim]
   * @param full of the path that attends to all tokens [N, dim]; null if it ends here
   * @param crossAttention of the full path's queries, after its output projection [N, dim]
   */
  record Paths(Value window, @Nullable Value full, Value crossAttention) {}

  /**
   * The block over both paths, whose cross-attention is the full path's.
   *
   * @param full what the full path gets; the same value as {@code window} in the first block, where
   *     queries, keys and values are made once
   * @param tokens of the window path
   * @param fullNeeded whether the full path is computed behind its cross-attention
   */
  Paths forward(
      Value window,
      Value full,
      Pass pass,
      Text text,
      SelfAttention.Tokens tokens,
      boolean fullNeeded) {
    List<Value> m = vectors(pass);
    DitBlock untapped = new DitBlock(config, g, weights, Taps.NONE);
    SelfAttention attention = untapped.selfAttention();
    List<SelfAttention.Tokens> ways = List.of(tokens, tokens.full());
    List<Value> both =
        window.equals(full)
            ? attention.attend(() -> attending(window, pass, m), ways)
            : List.of(
                attention.attend(() -> attending(window, pass, m), ways.get(0)),
                attention.attend(() -> attending(full, pass, m), ways.get(1)));
    Value fullAttended = pass.modulation().gatedResidual(full, m.get(2), both.get(1));
    Value crossAttention = crossAttention(fullAttended, text);
    Value windowAttended = pass.modulation().gatedResidual(window, m.get(2), both.get(0));
    return new Paths(
        untapped.fed(g.add(windowAttended, crossAttention), pass, m),
        fullNeeded ? untapped.fed(g.add(fullAttended, crossAttention), pass, m) : null,
        crossAttention);
  }

  private List<Value> vectors(Pass pass) {
    return pass.modulation().vectors(weights.get("modulation"), pass.projected(), 6);
  }

  private SelfAttention selfAttention() {
    return new SelfAttention(config, g, weights.at("self_attn"), taps);
  }

  /** The tokens as self-attention gets them. */
  private Value attending(Value x, Pass pass, List<Value> m) {
    return pass.modulation().modulate(g.layerNorm(x, null, null, EPS), m.get(0), m.get(1));
  }

  /** With the feed-forward network added. */
  private Value fed(Value informed, Pass pass, List<Value> m) {
    Modulation modulation = pass.modulation();
    Value z = modulation.modulate(g.layerNorm(informed, null, null, EPS), m.get(3), m.get(4));
    Value ffn = pass.tokenChunks() == 1 ? feedForward(z) : feedForward(z, pass.tokenChunks());
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

  private Value crossAttention(Value x, Text text) {
    Weights attn = weights.at("cross_attn");
    Value y = g.layerNorm(x, weights.get("norm3.weight"), weights.get("norm3.bias"), EPS);
    Value q = g.rmsNorm(attn.linear("q", y), attn.get("norm_q.weight"), EPS);
    Value context =
        g.attention(
            q,
            text.k(),
            text.v(),
            config.heads(),
            config.attentionScale(),
            new AttentionPattern.Full(),
            text.bias());
    taps.tap(g, "cross_attn.attn", context);
    Value crossAttention = attn.linear("o", context);
    taps.tap(g, "cross_attn", crossAttention);
    return crossAttention;
  }
}
