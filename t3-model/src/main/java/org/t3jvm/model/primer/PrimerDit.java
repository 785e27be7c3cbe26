package org.t3jvm.model.primer;

import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.initial.InitialWeights;
import org.t3jvm.model.initial.SeededValues;
import org.t3jvm.tensor.Shape;

/**
 * Weights that the training of a DiT (SPEC 4) starts from. The velocity starts as the noisy token
 * itself: the head reads what the patch embedding writes. Blocks start small, their gates half
 * open.
 */
record PrimerDit(DitConfig config, SeededValues random) implements InitialWeights {
  private static final double OUTPUT_GAIN = 0.4;
  private static final double TIME_PROJECTION_GAIN = 0.15;
  private static final double MODULATION_DEVIATION = 0.02;
  private static final float GATE = 0.5f;
  private static final int MODULATIONS = 6;
  private static final int[] GATES = {2, 5};
  private static final float PADDING_QUERY = -1.5f;
  private static final float PADDING_KEY = 0.3f;

  @Override
  public float[] values(String name, Shape shape) {
    if (name.startsWith("blocks.")) {
      int dot = name.indexOf('.', "blocks.".length());
      return block(name.substring(0, dot + 1), name.substring(dot + 1), shape);
    }
    return switch (name) {
      case "patch_embedding.weight" -> patchEmbedding();
      case "head.head.weight" -> head();
      case "head.modulation" -> modulation(name, shape);
      case "time_projection.1.weight" ->
          InitialWeights.common(random, name, shape, TIME_PROJECTION_GAIN);
      default -> InitialWeights.common(random, name, shape, 1);
    };
  }

  private float[] block(String block, String part, Shape shape) {
    String name = block + part;
    return switch (part) {
      case "modulation" -> gated(modulation(name, shape));
      case "self_attn.o.weight", "cross_attn.o.weight", "ffn.2.weight" ->
          InitialWeights.common(random, name, shape, OUTPUT_GAIN);
      // The key of a padded row is the bias alone, which all queries point away from: text counts
      // from the first step on, although 500 of 512 rows are padding.
      case "cross_attn.q.bias" -> signs(block, PADDING_QUERY);
      case "cross_attn.k.bias" -> signs(block, PADDING_KEY);
      default -> InitialWeights.common(random, name, shape, 1);
    };
  }

  private float[] modulation(String name, Shape shape) {
    return random.normal(name, Math.toIntExact(shape.elements()), MODULATION_DEVIATION);
  }

  private float[] gated(float[] table) {
    int dim = table.length / MODULATIONS;
    for (int gate : GATES) {
      for (int i = 0; i < dim; i++) {
        table[gate * dim + i] += GATE;
      }
    }
    return table;
  }

  /** The same random signs for the queries and the keys of a block, times {@code length}. */
  private float[] signs(String block, float length) {
    float[] signs = random.normal(block + "padding", config.dim(), 1);
    for (int i = 0; i < signs.length; i++) {
      signs[i] = signs[i] < 0 ? -length : length;
    }
    return signs;
  }

  private int cells() {
    return config.patchH() * config.patchW();
  }

  private int features() {
    return config.inChannels() * cells();
  }

  /** Orthonormal directions [D, C * cells] of a token, one for each number of a patch. */
  private double[][] directions() {
    return random.orthonormalColumns("patch", config.dim(), features());
  }

  /** [D, C, 1, ph, pw], scaled so that noise gives tokens of deviation 1. */
  private float[] patchEmbedding() {
    double[][] directions = directions();
    int features = features();
    double scale = Math.sqrt((double) config.dim() / features);
    float[] weight = new float[config.dim() * features];
    for (int d = 0; d < config.dim(); d++) {
      for (int f = 0; f < features; f++) {
        weight[d * features + f] = (float) (directions[d][f] * scale);
      }
    }
    return weight;
  }

  /** [ph * pw * C, D], channel fastest: the inverse of the patch embedding. */
  private float[] head() {
    double[][] directions = directions();
    int dim = config.dim();
    int cells = cells();
    double scale = Math.sqrt((double) features() / dim);
    float[] weight = new float[features() * dim];
    for (int c = 0; c < config.outChannels(); c++) {
      for (int cell = 0; cell < cells; cell++) {
        int row = cell * config.outChannels() + c;
        for (int d = 0; d < dim; d++) {
          weight[row * dim + d] = (float) (directions[d][c * cells + cell] * scale);
        }
      }
    }
    return weight;
  }
}
