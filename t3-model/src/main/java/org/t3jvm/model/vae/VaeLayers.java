package org.t3jvm.model.vae;

import java.util.ArrayList;
import java.util.List;

/**
 * The layer stacks of a VAE (SPEC 6 and 7): stage widths c, 2c, 4c, 4c, two residual blocks a stage
 * in the encoder and three in the decoder, time halved by the second and third resampling. The
 * Wan2.1 VAE numbers its layers through; the Wan2.2 VAE puts them into stages. Those of TAEHV are
 * {@link Taehv#decoder}.
 */
public record VaeLayers(
    List<VaeLayer> encoder,
    List<VaeLayer> encoderMiddle,
    List<VaeLayer> decoderMiddle,
    List<VaeLayer> decoder) {

  private static final int[] MULTIPLES = {1, 2, 4, 4};
  private static final int LAST = MULTIPLES.length - 1;
  private static final boolean[] HALVES_TIME = {false, true, true};
  private static final int ENCODER_BLOCKS = 2;
  private static final int DECODER_BLOCKS = 3;

  public static VaeLayers of(VaeConfig config) {
    if (config.family().tiny()) {
      return new VaeLayers(List.of(), List.of(), List.of(), Taehv.decoder(config.decoderWidth()));
    }
    boolean staged = config.family().staged();
    return new VaeLayers(
        encoder(config.encoderWidth(), new Stack("encoder.downsamples", "downsamples", staged)),
        middle("encoder.middle.", widest(config.encoderWidth())),
        middle("decoder.middle.", widest(config.decoderWidth())),
        decoder(config.decoderWidth(), new Stack("decoder.upsamples", "upsamples", staged)));
  }

  /** Channels of the coarsest stage of a stack whose finest has {@code width}. */
  public static int widest(int width) {
    return MULTIPLES[LAST] * width;
  }

  private static List<VaeLayer> encoder(int c, Stack stack) {
    int in = c;
    for (int stage = 0; stage <= LAST; stage++) {
      int out = MULTIPLES[stage] * c;
      List<VaeLayer> layers = new ArrayList<>();
      blocks(stack, layers, ENCODER_BLOCKS, in, out);
      boolean halves = stage < LAST;
      boolean halvesTime = halves && HALVES_TIME[stage];
      if (halves) {
        layers.add(new VaeLayer.Downsample(stack.name(layers), out, halvesTime));
      }
      stack.add(layers, new VaeShortcut.Average(factor(halvesTime), factor(halves)));
      in = out;
    }
    return List.copyOf(stack.layers);
  }

  private static List<VaeLayer> decoder(int c, Stack stack) {
    int in = widest(c);
    for (int stage = LAST; stage > 0; stage--) {
      int out = MULTIPLES[stage] * c;
      List<VaeLayer> layers = new ArrayList<>();
      blocks(stack, layers, DECODER_BLOCKS, in, out);
      boolean doublesTime = HALVES_TIME[stage - 1];
      int resampled = stack.staged ? out : out / 2;
      layers.add(new VaeLayer.Upsample(stack.name(layers), out, resampled, doublesTime));
      stack.add(layers, new VaeShortcut.Duplicate(in, out, factor(doublesTime), 2));
      in = resampled;
    }
    List<VaeLayer> finest = new ArrayList<>();
    blocks(stack, finest, DECODER_BLOCKS, in, MULTIPLES[0] * c);
    stack.layers.addAll(finest);
    return List.copyOf(stack.layers);
  }

  private static int factor(boolean resampled) {
    return resampled ? 2 : 1;
  }

  private static void blocks(Stack stack, List<VaeLayer> layers, int blocks, int in, int out) {
    for (int block = 0; block < blocks; block++) {
      layers.add(new VaeLayer.Residual(stack.name(layers), block == 0 ? in : out, out));
    }
  }

  private static List<VaeLayer> middle(String prefix, int width) {
    return List.of(
        new VaeLayer.Residual(prefix + 0, width, width),
        new VaeLayer.Attention(prefix + 1, width),
        new VaeLayer.Residual(prefix + 2, width, width));
  }

  /** A stack as it grows, and how its layers are named. */
  private static final class Stack {
    private final String name;
    private final String innerName;
    private final boolean staged;
    private final List<VaeLayer> layers = new ArrayList<>();
    private int stages;

    Stack(String name, String innerName, boolean staged) {
      this.name = name;
      this.innerName = innerName;
      this.staged = staged;
    }

    /** The name of the layer that comes after {@code stage}, the layers of a stage so far. */
    String name(List<VaeLayer> stage) {
      return staged
          ? name + "." + stages + "." + innerName + "." + stage.size()
          : name + "." + (layers.size() + stage.size());
    }

    /** Ends a stage; its shortcut counts only if stages have any. */
    void add(List<VaeLayer> stage, VaeShortcut shortcut) {
      if (staged) {
        layers.add(new VaeLayer.Stage(name + "." + stages, stage, shortcut));
      } else {
        layers.addAll(stage);
      }
      stages++;
    }
  }
}
