package org.t3jvm.model.layout;

import org.t3jvm.loaders.names.NameMapping;

/**
 * The VAE's modules as diffusers' {@code AutoencoderKLWan} names them. The Wan2.1 encoder counts
 * its layers through, as the original does, and its decoder by stages of three residual blocks and
 * a resampling; the Wan2.2 VAE has stages in both.
 */
final class VaeNames {
  static final NameMapping WAN21_DIFFUSERS = wan21();
  static final NameMapping WAN22_DIFFUSERS = wan22();

  private static final int STAGES = 4;
  private static final int DECODER_RESIDUALS = 3;

  private VaeNames() {}

  private static NameMapping wan21() {
    NameMapping.Builder names = NameMapping.builder();
    ends(names);
    residual(names, "encoder.downsamples.#", "encoder.down_blocks.#");
    resampling(names, "encoder.downsamples.#", "encoder.down_blocks.#");
    for (int stage = 0; stage < STAGES; stage++) {
      int first = stage * (DECODER_RESIDUALS + 1);
      String theirs = "decoder.up_blocks." + stage;
      for (int i = 0; i < DECODER_RESIDUALS; i++) {
        residual(names, "decoder.upsamples." + (first + i), theirs + ".resnets." + i);
      }
      String ours = "decoder.upsamples." + (first + DECODER_RESIDUALS);
      resampling(names, ours, theirs + ".upsamplers.0");
    }
    return names.build();
  }

  private static NameMapping wan22() {
    NameMapping.Builder names = NameMapping.builder();
    ends(names);
    residual(names, "encoder.downsamples.#.downsamples.#", "encoder.down_blocks.#.resnets.#");
    residual(names, "decoder.upsamples.#.upsamples.#", "decoder.up_blocks.#.resnets.#");
    resampling(names, "encoder.downsamples.#.downsamples.2", "encoder.down_blocks.#.downsampler");
    resampling(names, "decoder.upsamples.#.upsamples.3", "decoder.up_blocks.#.upsampler");
    return names.build();
  }

  /** What lies before and after the stages. */
  private static void ends(NameMapping.Builder names) {
    names.rule("conv1", "quant_conv").rule("conv2", "post_quant_conv");
    for (String half : new String[] {"encoder.", "decoder."}) {
      String middle = half + "mid_block.";
      residual(names, half + "middle.0", middle + "resnets.0");
      names.rule(half + "middle.1", middle + "attentions.0");
      residual(names, half + "middle.2", middle + "resnets.1");
      names
          .rule(half + "conv1", half + "conv_in")
          .rule(half + "head.0", half + "norm_out")
          .rule(half + "head.2", half + "conv_out");
    }
  }

  private static void residual(NameMapping.Builder names, String ours, String theirs) {
    names
        .rule(ours + ".residual.0", theirs + ".norm1")
        .rule(ours + ".residual.2", theirs + ".conv1")
        .rule(ours + ".residual.3", theirs + ".norm2")
        .rule(ours + ".residual.6", theirs + ".conv2")
        .rule(ours + ".shortcut", theirs + ".conv_shortcut");
  }

  private static void resampling(NameMapping.Builder names, String ours, String theirs) {
    names
        .rule(ours + ".resample.1", theirs + ".resample.1")
        .rule(ours + ".time_conv", theirs + ".time_conv");
  }
}
