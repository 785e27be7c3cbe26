package org.t3jvm.model.text;

import java.util.Map;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.model.nn.Shapes;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.tensor.Shape;

/**
 * The sizes of a UMT5 encoder (SPEC 3); UMT5-XXL is 256384, 4096, 4096, 10240, 64, 24, 32.
 *
 * @param vocab rows of the embedding table
 * @param dim width of the residual stream
 * @param dimAttention columns of q, k and v, all heads together
 * @param dimFfn width of the gated feed-forward's hidden layer
 * @param heads attention heads
 * @param layers blocks
 * @param buckets relative-position buckets, both directions together
 */
public record Umt5Config(
    int vocab, int dim, int dimAttention, int dimFfn, int heads, int layers, int buckets) {

  /**
   * The configuration that a checkpoint's shapes imply (SPEC 14).
   *
   * @throws UnsupportedModelException if the shapes are of no UMT5 encoder
   */
  public static Umt5Config infer(Map<String, Shape> tensors) {
    Shapes shapes = new Shapes("UMT5 encoder", tensors);
    if (shapes.has("pos_embedding.embedding.weight")) {
      throw new UnsupportedModelException(
          "UMT5 encoder with one position bias shared by all layers is not supported");
    }
    if (shapes.has("blocks.1.attn.q.weight")
        && !shapes.has("blocks.1.pos_embedding.embedding.weight")) {
      throw new UnsupportedModelException(
          "is T5 1.1, whose layers share one position bias; Wan needs UMT5 (umt5-xxl)");
    }
    String bias = "blocks.0.pos_embedding.embedding.weight";
    Umt5Config config =
        new Umt5Config(
            shapes.dim("token_embedding.weight", 0, 2),
            shapes.dim("token_embedding.weight", 1, 2),
            shapes.dim("blocks.0.attn.q.weight", 0, 2),
            shapes.dim("blocks.0.ffn.fc1.weight", 0, 2),
            shapes.dim(bias, 1, 2),
            shapes.count("blocks."),
            shapes.dim(bias, 0, 2));
    if (config.heads < 1 || config.dimAttention % config.heads != 0) {
      throw new UnsupportedModelException(
          "UMT5 encoder: %d heads do not divide the attention width %d"
              .formatted(config.heads, config.dimAttention));
    }
    return config;
  }

  /** All tensors of an encoder of this configuration. */
  public ParameterShapes parameterShapes() {
    ParameterShapes parameters = new ParameterShapes().add("token_embedding.weight", vocab, dim);
    for (int i = 0; i < layers; i++) {
      String block = "blocks." + i + ".";
      parameters.add(block + "norm1.weight", dim);
      for (String projection : new String[] {"q", "k", "v"}) {
        parameters.add(block + "attn." + projection + ".weight", dimAttention, dim);
      }
      parameters
          .add(block + "attn.o.weight", dim, dimAttention)
          .add(block + "norm2.weight", dim)
          .add(block + "ffn.gate.0.weight", dimFfn, dim)
          .add(block + "ffn.fc1.weight", dimFfn, dim)
          .add(block + "ffn.fc2.weight", dim, dimFfn)
          .add(block + "pos_embedding.embedding.weight", buckets, heads);
    }
    return parameters.add("norm.weight", dim);
  }
}
