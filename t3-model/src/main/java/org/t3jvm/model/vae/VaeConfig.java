package org.t3jvm.model.vae;

import java.util.Arrays;
import java.util.Map;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.model.nn.Shapes;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.tensor.Shape;

/**
 * The sizes of a Wan video autoencoder (SPEC 6 and 7); the released ones have widths 96 and 96
 * (Wan2.1), 160 and 256 (Wan2.2).
 *
 * @param family what it is built of
 * @param encoderWidth channels of the encoder's finest stage; 0 for a decoder alone
 * @param decoderWidth channels of the decoder's finest stage
 */
public record VaeConfig(VaeFamily family, int encoderWidth, int decoderWidth) {
  /** Frames of a latent frame, but for the first, which holds one. */
  public static final int TEMPORAL_FACTOR = 4;

  private static final int RESAMPLED = 8;

  /** A Wan2.1 autoencoder whose finest stages are {@code width} channels wide. */
  public static VaeConfig wan21(int width) {
    return new VaeConfig(VaeFamily.WAN21, width, width);
  }

  /** A {@link Taehv} decoder for the latents of Wan2.1. */
  public static VaeConfig taew21(int width) {
    return new VaeConfig(VaeFamily.TAEW21, 0, width);
  }

  /** A {@link Taehv} decoder for the latents of Wan2.2-TI2V-5B. */
  public static VaeConfig taew22(int width) {
    return new VaeConfig(VaeFamily.TAEW22, 0, width);
  }

  /** A Wan2.2 autoencoder. */
  public static VaeConfig wan22(int encoderWidth, int decoderWidth) {
    return new VaeConfig(VaeFamily.WAN22, encoderWidth, decoderWidth);
  }

  /**
   * The configuration that a checkpoint's shapes imply (SPEC 14).
   *
   * @throws UnsupportedModelException if the shapes are of no Wan VAE
   */
  public static VaeConfig infer(Map<String, Shape> tensors) {
    Shapes shapes = new Shapes("VAE", tensors);
    if (Taehv.isIn(shapes)) {
      return Taehv.infer(shapes);
    }
    int latents = shapes.dim("conv2.weight", 0, 5);
    int made = shapes.dim("decoder.head.2.weight", 0, 5);
    boolean whole = shapes.has("encoder.conv1.weight");
    int pixels = whole ? shapes.dim("encoder.conv1.weight", 1, 5) : made;
    boolean wan21 =
        whole
            ? pixels == VaeFamily.WAN21.pixelChannels()
            : latents == VaeFamily.WAN21.latentChannels();
    if (wan21 && made != VaeFamily.WAN21.pixelChannels()) {
      throw new UnsupportedModelException(
          "is a VAE whose decoder makes %d channels, such as a 2x upscaling one; %s's makes %d"
              .formatted(made, VaeFamily.WAN21, VaeFamily.WAN21.pixelChannels()));
    }
    VaeFamily family =
        Arrays.stream(VaeFamily.values())
            .filter(each -> each.pixelChannels() == pixels)
            .findFirst()
            .orElseThrow(
                () ->
                    new UnsupportedModelException(
                        "no Wan VAE: its encoder takes %d channels, not %d (%s) or %d (%s)"
                            .formatted(
                                pixels,
                                VaeFamily.WAN21.pixelChannels(),
                                VaeFamily.WAN21,
                                VaeFamily.WAN22.pixelChannels(),
                                VaeFamily.WAN22)));
    if (latents != family.latentChannels()) {
      throw new UnsupportedModelException(
          "no %s VAE: it has %d latent channels, not %d"
              .formatted(family, latents, family.latentChannels()));
    }
    return new VaeConfig(
        family,
        whole ? shapes.dim("encoder.conv1.weight", 0, 5) : 0,
        shapes.dim("decoder.head.2.weight", 1, 5));
  }

  /** Latent frames of a video of {@code frames}, which are 1 + 4k. */
  public static int latentFrames(int frames) {
    return (frames - 1) / TEMPORAL_FACTOR + 1;
  }

  /** Frames of a video's first latent frames. */
  public static int frames(int latentFrames) {
    return latentFrames == 0 ? 0 : TEMPORAL_FACTOR * (latentFrames - 1) + 1;
  }

  /** Whether it has an encoder, which images and videos to start from need. */
  public boolean encodes() {
    return encoderWidth > 0 && !family.tiny();
  }

  /** Whether it is a TAEHV: small enough to decode drafts and previews with. */
  public boolean isTiny() {
    return family.tiny();
  }

  /** Channels of a latent cell, z. */
  public int latentChannels() {
    return family.latentChannels();
  }

  /** Pixels of a latent cell along rows and along columns. */
  public int spatialFactor() {
    return family.fold() * RESAMPLED;
  }

  /** Regions of the graph that decodes one chunk: the layers and the head. */
  public int decoderRegions() {
    VaeLayers layers = VaeLayers.of(this);
    return regions(layers.decoderMiddle()) + regions(layers.decoder()) + 1;
  }

  /** Regions of the graph that decodes one frame's band of rows: the layers and the head. */
  public int decoderBandRegions() {
    return regions(VaeLayers.of(this).decoder()) + 1;
  }

  /** Regions of the graph that encodes one chunk: the layers and the head. */
  public int encoderRegions() {
    VaeLayers layers = VaeLayers.of(this);
    return regions(layers.encoder()) + regions(layers.encoderMiddle()) + 1;
  }

  private static int regions(Iterable<VaeLayer> layers) {
    int regions = 0;
    for (VaeLayer layer : layers) {
      regions += layer instanceof VaeLayer.Stage stage ? regions(stage.layers()) : 1;
    }
    return regions;
  }

  /** All tensors of an autoencoder of this configuration. */
  public ParameterShapes parameterShapes() {
    ParameterShapes parameters = new ParameterShapes();
    if (family.tiny()) {
      Taehv.declare(this, parameters);
      return parameters;
    }
    int z = latentChannels();
    int pixels = family.pixelChannels();
    VaeLayers layers = VaeLayers.of(this);
    if (encodes()) {
      parameters.conv("encoder.conv1", encoderWidth, pixels, 3, 3, 3);
      layers.encoder().forEach(layer -> layer.declare(parameters));
      layers.encoderMiddle().forEach(layer -> layer.declare(parameters));
      declareHead(parameters, "encoder.head", VaeLayers.widest(encoderWidth), 2 * z);
      parameters.conv("conv1", 2L * z, 2L * z, 1, 1, 1);
    }
    parameters.conv("conv2", z, z, 1, 1, 1);
    parameters.conv("decoder.conv1", VaeLayers.widest(decoderWidth), z, 3, 3, 3);
    layers.decoderMiddle().forEach(layer -> layer.declare(parameters));
    layers.decoder().forEach(layer -> layer.declare(parameters));
    declareHead(parameters, "decoder.head", decoderWidth, pixels);
    return parameters;
  }

  private static void declareHead(ParameterShapes parameters, String name, int in, int out) {
    parameters.add(name + ".0.gamma", in, 1, 1, 1).conv(name + ".2", out, in, 3, 3, 3);
  }
}
