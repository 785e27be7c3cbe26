package org.t3jvm.model.initial;

import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.Shape;

/** Initial weights of a UMT5 encoder (SPEC 3), scaled as T5's are. */
public record InitialText(Umt5Config config, SeededValues random) implements InitialWeights {
  private static final double BIAS_DEVIATION = 0.5;

  @Override
  public float[] values(String name, Shape shape) {
    if (name.equals("token_embedding.weight")) {
      return random.normal(name, Math.toIntExact(shape.elements()), 1);
    }
    if (name.endsWith("pos_embedding.embedding.weight")) {
      return random.normal(name, Math.toIntExact(shape.elements()), BIAS_DEVIATION);
    }
    if (name.endsWith("attn.q.weight")) {
      // UMT5 does not divide scores by the root of the head's width; its queries start small
      // instead.
      double headDim = (double) config.dimAttention() / config.heads();
      return InitialWeights.common(random, name, shape, 1 / Math.sqrt(headDim));
    }
    return InitialWeights.common(random, name, shape, 1);
  }
}
