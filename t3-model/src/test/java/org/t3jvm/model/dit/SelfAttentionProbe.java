package org.t3jvm.model.dit;

import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** The self-attention of a DiT block by itself, for tests. */
public final class SelfAttentionProbe {
  /** Name of the input, [N, dim]. */
  public static final String X = "x";

  /** Name of the output, [N, dim]; the block's own taps are outputs too. */
  public static final String OUT = "out";

  private SelfAttentionProbe() {}

  /** Epsilon of the block's norms. */
  public static double eps() {
    return DitBlock.EPS;
  }

  /** Self-attention with weights {@code q.weight}, {@code q.bias}, ... */
  public static Graph graph(
      int dim, int heads, Parameters parameters, TokenGrid grid, AttentionPattern pattern) {
    DitConfig config = new DitConfig(16, 16, dim, heads, dim, 1, dim, dim, 2, 2);
    Tracer g = new Tracer();
    Weights weights = Weights.of(g, parameters);
    Value x = g.input(X, DType.F32, Shape.of(grid.tokens(), dim));
    SelfAttention attention = new SelfAttention(config, g, weights, Tracer::output);
    g.output(
        OUT,
        attention.attend(
            () -> x, new SelfAttention.Tokens(grid, pattern, config.attentionScale(), 1, 1)));
    return g.graph();
  }
}
