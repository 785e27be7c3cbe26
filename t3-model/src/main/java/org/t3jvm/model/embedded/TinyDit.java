package org.t3jvm.model.embedded;

import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.initial.InitialWeights;
import org.t3jvm.model.initial.SeededValues;
import org.t3jvm.tensor.Shape;

/**
 * Initial weights of a DiT (SPEC 4) that, untrained, still turns noise into smooth moving colour.
 *
 * <p>The head reads what the patch embedding wrote, so that the velocity is about the token itself
 * and noise dies out. Queries and keys share a bias: after the rotation by position their product
 * falls off with distance, which makes self-attention a local average. Its output is subtracted, so
 * that the velocity points away from the average: what is smooth stays while noise goes.
 */
record TinyDit(DitConfig config, SeededValues random) implements InitialWeights {
  private static final double VELOCITY = 1.3;
  private static final double QUERY_KEY_GAIN = 0.5;
  private static final float SHARPNESS = 4.5f;
  private static final double TEXT_GAIN = 0.3;
  private static final double AVERAGE_GAIN = 2;
  private static final double FFN_GAIN = 0.3;
  private static final double TIME_GAIN = 0.2;
  private static final double MODULATION_GAIN = 0.1;
  private static final float PADDING_QUERY = -1.5f;
  private static final float PADDING_KEY = 0.3f;
  private static final int SELF_ATTENTION_GATE = 2;
  private static final int FFN_GATE = 5;

  @Override
  public float[] values(String name, Shape shape) {
    if (name.startsWith("blocks.")) {
      int dot = name.indexOf('.', "blocks.".length());
      return block(name.substring(0, dot + 1), name.substring(dot + 1), shape);
    }
    return switch (name) {
      case "patch_embedding.weight" -> patchEmbedding();
      case "head.head.weight" -> head();
      case "head.modulation" ->
          random.normal(name, Math.toIntExact(shape.elements()), MODULATION_GAIN);
      case "time_embedding.2.weight" -> InitialWeights.common(random, name, shape, TIME_GAIN);
      case "time_projection.1.weight" ->
          InitialWeights.common(random, name, shape, MODULATION_GAIN);
      default -> InitialWeights.common(random, name, shape, 1);
    };
  }

  private float[] block(String block, String part, Shape shape) {
    String name = block + part;
    return switch (part) {
      case "modulation" -> modulation(name);
      case "self_attn.q.weight", "self_attn.k.weight" ->
          InitialWeights.common(random, name, shape, QUERY_KEY_GAIN);
      case "self_attn.q.bias", "self_attn.k.bias" -> direction(block + "position", 1);
      case "self_attn.norm_q.weight" -> InitialWeights.constant(shape, SHARPNESS);
      case "self_attn.v.weight" -> averages(block, false);
      case "self_attn.o.weight" -> withoutDetail(averages(block, true));
      // A padded row has no text: its key is the bias alone, which all queries point away from.
      case "cross_attn.q.bias" -> direction(block + "padding", PADDING_QUERY);
      case "cross_attn.k.bias" -> direction(block + "padding", PADDING_KEY);
      case "cross_attn.o.weight" ->
          withoutDetail(InitialWeights.common(random, name, shape, TEXT_GAIN));
      case "ffn.2.weight" -> withoutDetail(InitialWeights.common(random, name, shape, FFN_GAIN));
      default -> InitialWeights.common(random, name, shape, 1);
    };
  }

  private float[] direction(String name, float length) {
    return random.normal(name, config.dim(), length);
  }

  /**
   * [1, 6, D]: small shifts and scales, gates that let the blocks together change a token's worth.
   */
  private float[] modulation(String name) {
    int dim = config.dim();
    float[] table = random.normal(name, 6 * dim, MODULATION_GAIN);
    for (int i = 0; i < dim; i++) {
      table[SELF_ATTENTION_GATE * dim + i] = (float) (AVERAGE_GAIN / Math.sqrt(config.layers()));
      table[FFN_GATE * dim + i] = 1;
    }
    return table;
  }

  /** The value projection [D, D], a rotation R, or the output projection -R transposed. */
  private float[] averages(String block, boolean output) {
    int dim = config.dim();
    double[][] rotation = random.orthonormalColumns(block + "rotation", dim, dim);
    float[] weight = new float[dim * dim];
    for (int r = 0; r < dim; r++) {
      for (int c = 0; c < dim; c++) {
        weight[r * dim + c] = (float) (output ? -rotation[c][r] : rotation[r][c]);
      }
    }
    return weight;
  }

  private int cells() {
    return config.patchH() * config.patchW();
  }

  private int features() {
    return config.inChannels() * cells();
  }

  /**
   * Orthonormal directions [D, C * cells] of a token: of each channel the patch's mean first, then
   * what its cells differ by.
   */
  private double[][] modes() {
    return random.orthonormalColumns("patch", config.dim(), features());
  }

  /** The direction [D, C * cells] of each channel and cell: the modes through a Hadamard matrix. */
  private double[][] patchBasis() {
    double[][] modes = modes();
    int cells = cells();
    double[][] basis = new double[config.dim()][features()];
    for (int d = 0; d < config.dim(); d++) {
      for (int f = 0; f < features(); f++) {
        int cell = f % cells;
        for (int mode = 0; mode < cells; mode++) {
          double sign = Integer.bitCount(cell & mode) % 2 == 0 ? 1 : -1;
          basis[d][f] += sign / Math.sqrt(cells) * modes[d][f - cell + mode];
        }
      }
    }
    return basis;
  }

  /**
   * A projection [D, in] that leaves alone what the cells of a patch differ by: what the blocks add
   * would show as a pattern that repeats in every token.
   */
  private float[] withoutDetail(float[] weight) {
    double[][] modes = modes();
    int in = weight.length / config.dim();
    for (int mode = 0; mode < features(); mode++) {
      if (mode % cells() == 0) {
        continue;
      }
      for (int i = 0; i < in; i++) {
        double along = 0;
        for (int d = 0; d < config.dim(); d++) {
          along += modes[d][mode] * weight[d * in + i];
        }
        for (int d = 0; d < config.dim(); d++) {
          weight[d * in + i] -= (float) (along * modes[d][mode]);
        }
      }
    }
    return weight;
  }

  /** [D, C, 1, ph, pw]: an isometry, scaled so that noise gives tokens of deviation 1. */
  private float[] patchEmbedding() {
    double[][] basis = patchBasis();
    int features = features();
    double scale = Math.sqrt((double) config.dim() / features);
    float[] weight = new float[config.dim() * features];
    for (int d = 0; d < config.dim(); d++) {
      for (int f = 0; f < features; f++) {
        weight[d * features + f] = (float) (basis[d][f] * scale);
      }
    }
    return weight;
  }

  /** [ph * pw * C, D], channel fastest: the transpose of the patch embedding's basis. */
  private float[] head() {
    double[][] basis = patchBasis();
    int dim = config.dim();
    int cells = cells();
    double scale = VELOCITY * Math.sqrt((double) features() / dim);
    float[] weight = new float[features() * dim];
    for (int c = 0; c < config.outChannels(); c++) {
      for (int cell = 0; cell < cells; cell++) {
        int row = cell * config.outChannels() + c;
        for (int d = 0; d < dim; d++) {
          weight[row * dim + d] = (float) (basis[d][c * cells + cell] * scale);
        }
      }
    }
    return weight;
  }
}
