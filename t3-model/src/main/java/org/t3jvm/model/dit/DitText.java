package org.t3jvm.model.dit;

import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * What the DiT makes of a prompt, once for all steps: input {@code context [rows, textDim]} gives
 * the cross-attention keys and values of every block, {@code text.k.I} and {@code text.v.I} [rows,
 * dim] (SPEC 4, step 2; SPEC 17).
 */
public final class DitText {
  /** Name of the graph's input. */
  public static final String CONTEXT = "context";

  private static final float EPS = 1e-6f;

  private DitText() {}

  /** Name of the keys of a block. */
  public static String key(int layer) {
    return "text.k." + layer;
  }

  /** Name of the values of a block. */
  public static String value(int layer) {
    return "text.v." + layer;
  }

  /** The graph for contexts of {@code rows} rows; taps {@code text_embedding}. */
  public static Graph graph(DitConfig config, ParameterTypes parameters, int rows, Taps taps) {
    Tracer g = new Tracer();
    Weights weights = Weights.of(g, parameters);
    Value context = g.input(CONTEXT, DType.F32, Shape.of(rows, config.textDim()));
    Value hidden = g.geluTanh(weights.linear("text_embedding.0", context));
    Value embedded = weights.linear("text_embedding.2", hidden);
    taps.tap(g, "text_embedding", embedded);
    for (int i = 0; i < config.layers(); i++) {
      Weights attention = weights.at("blocks." + i).at("cross_attn");
      Value k = attention.linear("k", embedded);
      g.output(key(i), g.rmsNorm(k, attention.get("norm_k.weight"), EPS));
      g.output(value(i), attention.linear("v", embedded));
    }
    return g.graph();
  }
}
