package org.t3jvm.model.dit;

import java.util.Map;
import java.util.OptionalInt;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.model.nn.Shapes;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * The sizes of a Wan diffusion transformer (SPEC 4).
 *
 * @param inChannels latent channels that go in: 16 (Wan2.1) or 48 (Wan2.2-TI2V-5B)
 * @param outChannels latent channels that come out
 * @param dim width of a token, D
 * @param heads attention heads of D/heads columns
 * @param ffn width of the feed-forward's hidden layer
 * @param layers blocks
 * @param freqDim length of the timestep's sinusoid
 * @param textDim width of the text encoder's rows
 * @param patchH latent rows of one token
 * @param patchW latent columns of one token
 */
public record DitConfig(
    int inChannels,
    int outChannels,
    int dim,
    int heads,
    int ffn,
    int layers,
    int freqDim,
    int textDim,
    int patchH,
    int patchW) {

  /** Columns of a head in every released model. */
  private static final int RELEASED_HEAD_DIM = 128;

  /** Latent channels of the model whose image latents are given as frame 0. */
  private static final int FUSED_IMAGE_CHANNELS = 48;

  public DitConfig {
    if (heads < 1 || dim % heads != 0) {
      throw new UnsupportedModelException(
          "DiT: %d heads do not divide the width %d; give num_heads in config.json"
              .formatted(heads, dim));
    }
  }

  /**
   * The configuration that a checkpoint's shapes imply (SPEC 14).
   *
   * @param heads from {@code config.json}; without it D/128, as in every released model
   * @throws UnsupportedModelException if the shapes are of no DiT, or of an image-conditioned one
   */
  public static DitConfig infer(Map<String, Shape> tensors, OptionalInt heads) {
    Shapes shapes = new Shapes("DiT", tensors);
    String patch = "patch_embedding.weight";
    int dim = shapes.dim(patch, 0, 5);
    int in = shapes.dim(patch, 1, 5);
    int patchH = shapes.dim(patch, 3, 5);
    int patchW = shapes.dim(patch, 4, 5);
    if (shapes.dim(patch, 2, 5) != 1) {
      throw new UnsupportedModelException(
          "DiT: patches of %d latent frames are not supported, only of 1"
              .formatted(shapes.dim(patch, 2, 5)));
    }
    int out = shapes.dim("head.head.weight", 0, 2) / (patchH * patchW);
    if (shapes.hasPrefix("img_emb.")
        || shapes.has("blocks.0.cross_attn.k_img.weight")
        || in != out) {
      throw new UnsupportedModelException(
          "DiT: an image-conditioned variant (%d channels in, %d out) is not supported;"
                  .formatted(in, out)
              + " use Wan2.1-T2V or Wan2.2-TI2V weights");
    }
    return new DitConfig(
        in,
        out,
        dim,
        heads.orElse(Math.max(1, dim / RELEASED_HEAD_DIM)),
        shapes.dim("blocks.0.ffn.0.weight", 0, 2),
        shapes.count("blocks."),
        shapes.dim("time_embedding.0.weight", 1, 2),
        shapes.dim("text_embedding.0.weight", 1, 2),
        patchH,
        patchW);
  }

  /** The same with another number of blocks. */
  public DitConfig withLayers(int count) {
    return new DitConfig(
        inChannels, outChannels, dim, heads, ffn, count, freqDim, textDim, patchH, patchW);
  }

  /** Columns of one head. */
  public int headDim() {
    return dim / heads;
  }

  /** What scores are multiplied by, 1/sqrt(headDim). */
  public float attentionScale() {
    return (float) (1 / Math.sqrt(headDim()));
  }

  /** True for models that take an image as latent frame 0 with timestep 0 (SPEC 12). */
  public boolean separatedTimestep() {
    return inChannels == FUSED_IMAGE_CHANNELS;
  }

  /**
   * The token grid of latents [C, t, height, width].
   *
   * @throws IllegalArgumentException if the patch does not divide height and width
   */
  public TokenGrid grid(int t, int height, int width) {
    if (height % patchH != 0 || width % patchW != 0) {
      throw new IllegalArgumentException(
          "latents of %dx%d cells do not divide into patches of %dx%d"
              .formatted(height, width, patchH, patchW));
    }
    return new TokenGrid(t, height / patchH, width / patchW);
  }

  /** All tensors of a DiT of this configuration. */
  public ParameterShapes parameterShapes() {
    ParameterShapes parameters =
        new ParameterShapes()
            .conv("patch_embedding", dim, inChannels, 1, patchH, patchW)
            .linear("text_embedding.0", dim, textDim)
            .linear("text_embedding.2", dim, dim)
            .linear("time_embedding.0", dim, freqDim)
            .linear("time_embedding.2", dim, dim)
            .linear("time_projection.1", 6L * dim, dim);
    for (int i = 0; i < layers; i++) {
      String block = "blocks." + i + ".";
      parameters.add(block + "modulation", 1, 6, dim);
      for (String attention : new String[] {"self_attn.", "cross_attn."}) {
        for (String projection : new String[] {"q", "k", "v", "o"}) {
          parameters.linear(block + attention + projection, dim, dim);
        }
        parameters.add(block + attention + "norm_q.weight", dim);
        parameters.add(block + attention + "norm_k.weight", dim);
      }
      parameters
          .conv(block + "norm3", dim)
          .linear(block + "ffn.0", ffn, dim)
          .linear(block + "ffn.2", dim, ffn);
    }
    return parameters
        .add("head.modulation", 1, 2, dim)
        .linear("head.head", (long) outChannels * patchH * patchW, dim);
  }
}
