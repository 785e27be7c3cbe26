package org.t3jvm.model.weights;

import org.t3jvm.tensor.Shape;

/**
 * The weights that hold nearly all bytes of the DiT and of the UMT5 encoder: the linear maps of
 * their blocks, and UMT5's token table. What is read once a step, or is small (the timestep's maps,
 * norms, biases, the head, the tables of relative positions), stays as it is stored.
 */
public final class LinearWeights {
  private static final String TOKENS = "token_embedding.weight";

  private LinearWeights() {}

  /** Whether a tensor of the DiT or the UMT5 encoder, under upstream's name, is one of them. */
  public static boolean has(String name, Shape shape) {
    boolean linear =
        name.startsWith("blocks.")
            && name.endsWith(".weight")
            && !name.endsWith("pos_embedding.embedding.weight");
    return shape.rank() == 2 && (linear || name.equals(TOKENS));
  }
}
