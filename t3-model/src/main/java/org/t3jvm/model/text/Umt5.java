package org.t3jvm.model.text;

import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * The UMT5 encoder of one prompt: inputs {@code ids [n]} I64 and {@code mask [1, 1, n]} give output
 * {@code context [n, dim]} (SPEC 3).
 *
 * <p>The mask is added to the scores of the keys. Masked keys weigh exactly 0, so the rows of the
 * real tokens are the same however many masked ones follow them.
 */
public final class Umt5 {
  /** Name of the tokens' input. */
  public static final String IDS = "ids";

  /** Name of the input that is 0 for real tokens and far below every score for all others. */
  public static final String MASK = "mask";

  /** Name of the graph's output. */
  public static final String CONTEXT = "context";

  private static final float EPS = 1e-6f;

  private final Umt5Config config;
  private final Tracer g;
  private final Taps taps;

  private Umt5(Umt5Config config, Tracer g, Taps taps) {
    this.config = config;
    this.g = g;
    this.taps = taps;
  }

  /** The graph for {@code n} tokens, those that are masked included. */
  public static Graph graph(Umt5Config config, ParameterTypes parameters, int n) {
    Tracer g = new Tracer();
    g.output(CONTEXT, trace(config, g, parameters, n, Taps.NONE));
    return g.graph();
  }

  /**
   * Traces the encoder for {@code n} tokens; taps {@code blockI}, {@code blockI.attn}, {@code
   * .ffn}.
   */
  public static Value trace(
      Umt5Config config, Tracer g, ParameterTypes parameters, int n, Taps taps) {
    return trace(config, g, Weights.of(g, parameters), n, taps);
  }

  /** The same, with weights that stand under a name among those of other models. */
  public static Value trace(Umt5Config config, Tracer g, Weights weights, int n, Taps taps) {
    return new Umt5(config, g, taps).encode(weights, n);
  }

  private Value encode(Weights weights, int n) {
    Value ids = g.input(IDS, DType.I64, Shape.of(n));
    Value buckets =
        g.constant(
            Tensor.ofLongs(Shape.of((long) n * n), RelativeBuckets.table(n, config.buckets())));
    Value mask = g.input(MASK, DType.F32, Shape.of(1, 1, n));
    Value x = g.embedding(weights.get("token_embedding.weight"), ids);
    for (int i = 0; i < config.layers(); i++) {
      Value before = x;
      int layer = i;
      x =
          g.region(
              "text.blocks." + i,
              "text.block",
              () -> block(weights.at("blocks." + layer), before, buckets, mask, "block" + layer));
      taps.tap(g, "block" + i, x);
    }
    return g.rmsNorm(x, weights.get("norm.weight"), EPS);
  }

  private Value block(Weights block, Value x, Value buckets, Value mask, String name) {
    Value attention =
        attention(block, g.rmsNorm(x, block.get("norm1.weight"), EPS), buckets, mask, name);
    taps.tap(g, name + ".attn", attention);
    Value attended = g.add(x, attention);
    Value ffn = ffn(block.at("ffn"), g.rmsNorm(attended, block.get("norm2.weight"), EPS));
    taps.tap(g, name + ".ffn", ffn);
    return g.add(attended, ffn);
  }

  private Value attention(Weights block, Value y, Value buckets, Value mask, String name) {
    Weights attn = block.at("attn");
    Value byPair = g.embedding(block.get("pos_embedding.embedding.weight"), buckets);
    long n = mask.shape().dim(2);
    Value bias = g.permute(g.reshape(byPair, n, n, config.heads()), 2, 0, 1);
    taps.tap(g, name + ".pos_bias", bias);
    Value attended =
        g.attention(
            attn.linearWithoutBias("q", y),
            attn.linearWithoutBias("k", y),
            attn.linearWithoutBias("v", y),
            config.heads(),
            1f,
            new AttentionPattern.Full(),
            g.add(bias, mask));
    return attn.linearWithoutBias("o", attended);
  }

  private Value ffn(Weights ffn, Value y) {
    Value gate = g.geluTanh(ffn.linearWithoutBias("gate.0", y));
    return ffn.linearWithoutBias("fc2", g.mul(ffn.linearWithoutBias("fc1", y), gate));
  }
}
