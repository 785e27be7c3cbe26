package org.t3jvm.model.vae;

import java.util.ArrayList;
import java.util.List;

/**
 * The layer stacks of a Wan2.1 VAE (SPEC 6): stage widths c, 2c, 4c, 4c, two residual blocks a
 * stage in the encoder and three in the decoder, time halved by the second and third resampling.
 */
record VaeLayers(
    int widest,
    List<VaeLayer> encoder,
    List<VaeLayer> encoderMiddle,
    List<VaeLayer> decoderMiddle,
    List<VaeLayer> decoder) {

  private static final int[] MULTIPLES = {1, 2, 4, 4};
  private static final boolean[] HALVES_TIME = {false, true, true};
  private static final int ENCODER_BLOCKS = 2;
  private static final int DECODER_BLOCKS = 3;

  static VaeLayers of(VaeConfig config) {
    int stages = MULTIPLES.length;
    int widest = MULTIPLES[stages - 1] * config.width();
    return new VaeLayers(
        widest,
        encoder(config.width()),
        middle("encoder.middle.", widest),
        middle("decoder.middle.", widest),
        decoder(config.width()));
  }

  private static List<VaeLayer> encoder(int c) {
    List<VaeLayer> layers = new ArrayList<>();
    int in = c;
    for (int stage = 0; stage < MULTIPLES.length; stage++) {
      int out = MULTIPLES[stage] * c;
      for (int block = 0; block < ENCODER_BLOCKS; block++) {
        layers.add(new VaeLayer.Residual(next("encoder.downsamples.", layers), in, out));
        in = out;
      }
      if (stage < HALVES_TIME.length) {
        layers.add(
            new VaeLayer.Downsample(next("encoder.downsamples.", layers), out, HALVES_TIME[stage]));
      }
    }
    return List.copyOf(layers);
  }

  private static List<VaeLayer> decoder(int c) {
    List<VaeLayer> layers = new ArrayList<>();
    int last = MULTIPLES.length - 1;
    int in = MULTIPLES[last] * c;
    for (int stage = last; stage >= 0; stage--) {
      int out = MULTIPLES[stage] * c;
      for (int block = 0; block < DECODER_BLOCKS; block++) {
        layers.add(new VaeLayer.Residual(next("decoder.upsamples.", layers), in, out));
        in = out;
      }
      if (stage > 0) {
        layers.add(
            new VaeLayer.Upsample(next("decoder.upsamples.", layers), out, HALVES_TIME[stage - 1]));
        in = out / 2;
      }
    }
    return List.copyOf(layers);
  }

  private static List<VaeLayer> middle(String prefix, int width) {
    return List.of(
        new VaeLayer.Residual(prefix + 0, width, width),
        new VaeLayer.Attention(prefix + 1, width),
        new VaeLayer.Residual(prefix + 2, width, width));
  }

  private static String next(String prefix, List<VaeLayer> layers) {
    return prefix + layers.size();
  }
}
