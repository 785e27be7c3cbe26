package org.t3jvm.model.vae;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.model.nn.Shapes;
import org.t3jvm.model.nn.UnsupportedModelException;

/**
 * The tiny autoencoders TAEHV for the latents of Wan, published as {@code taew2_1} and {@code
 * taew2_2} (github.com/madebyollin/taehv): 3x3 convolutions within frames, in blocks that see the
 * frame before theirs too. Widths are 4w, 2w, w and w from the latents on, w being 64 in the
 * published ones. Only the decoder is run; the encoder's tensors may be there.
 */
final class Taehv {
  /** The convolution that latents go through first. */
  static final String FIRST = "decoder.1";

  /** The convolution that makes pixels. */
  static final String LAST = "decoder.22";

  /** A tensor that no other autoencoder has. */
  private static final String MARK = "decoder.3.conv.0.weight";

  private static final String ENCODER = "encoder.0";
  private static final int[] MULTIPLES = {4, 2, 1, 1};
  private static final boolean[] DOUBLES_TIME = {false, true, true};
  private static final boolean[] HALVES_TIME = {true, true, false};
  private static final int BLOCKS = 3;

  /** Modules from one stage to the next: the blocks and three that resample. */
  private static final int STAGE = BLOCKS + 3;

  private Taehv() {}

  static boolean isIn(Shapes shapes) {
    return shapes.has(MARK);
  }

  /**
   * The configuration that a checkpoint's shapes imply.
   *
   * @throws UnsupportedModelException if it is for other latents than Wan's, or of another build
   */
  static VaeConfig infer(Shapes shapes) {
    int latents = shapes.dim(FIRST + ".weight", 1, 4);
    int pixels = shapes.has(LAST + ".weight") ? shapes.dim(LAST + ".weight", 0, 4) : 0;
    int widest = shapes.dim(FIRST + ".weight", 0, 4);
    if (pixels == 0 || shapes.dim(MARK, 1, 4) != 2 * widest) {
      throw new UnsupportedModelException(
          "is a TAEHV with blocks of another kind, such as a 'super' one; give taew2_1 or taew2_2");
    }
    for (VaeFamily family : List.of(VaeFamily.TAEW21, VaeFamily.TAEW22)) {
      if (latents == family.latentChannels() && pixels == family.pixelChannels()) {
        int encoder = shapes.has(ENCODER + ".weight") ? shapes.dim(ENCODER + ".weight", 0, 4) : 0;
        return new VaeConfig(family, encoder, shapes.dim(LAST + ".weight", 1, 4));
      }
    }
    throw new UnsupportedModelException(
        "is a TAEHV for %d latent channels and %d values a pixel group, of another model than Wan; give taew2_1 or taew2_2"
            .formatted(latents, pixels));
  }

  /** The decoder's layers between its first and its last convolution. */
  static List<VaeLayer> decoder(int width) {
    List<VaeLayer> layers = new ArrayList<>();
    for (int stage = 0; stage < DOUBLES_TIME.length; stage++) {
      int at = 3 + stage * STAGE;
      int in = MULTIPLES[stage] * width;
      blocks(layers, "decoder.", at, in);
      layers.add(
          new VaeLayer.Grow(
              "decoder." + (at + BLOCKS + 1),
              "decoder." + (at + BLOCKS + 2),
              in,
              MULTIPLES[stage + 1] * width,
              DOUBLES_TIME[stage]));
    }
    return List.copyOf(layers);
  }

  private static void blocks(List<VaeLayer> layers, String prefix, int at, int width) {
    for (int block = 0; block < BLOCKS; block++) {
      layers.add(new VaeLayer.Memory(prefix + (at + block), width));
    }
  }

  /** Adds all tensors, those of the encoder if there is one. */
  static void declare(VaeConfig config, ParameterShapes parameters) {
    int pixels = config.family().pixelChannels();
    if (config.encoderWidth() > 0) {
      declareEncoder(config, pixels, parameters);
    }
    int width = config.decoderWidth();
    parameters.conv(FIRST, VaeLayers.widest(width), config.latentChannels(), 3, 3);
    decoder(width).forEach(layer -> layer.declare(parameters));
    parameters.conv(LAST, pixels, width, 3, 3);
  }

  private static void declareEncoder(VaeConfig config, int pixels, ParameterShapes parameters) {
    int width = config.encoderWidth();
    parameters.conv(ENCODER, width, pixels, 3, 3);
    int at = 2;
    for (boolean halves : HALVES_TIME) {
      parameters.add("encoder." + at + ".conv.weight", width, (halves ? 2L : 1L) * width, 1, 1);
      parameters.add("encoder." + (at + 1) + ".weight", width, width, 3, 3);
      List<VaeLayer> blocks = new ArrayList<>();
      blocks(blocks, "encoder.", at + 2, width);
      blocks.forEach(layer -> layer.declare(parameters));
      at += 2 + BLOCKS;
    }
    parameters.conv("encoder." + at, config.latentChannels(), width, 3, 3);
  }
}
