package org.t3jvm.model.vae;

import java.util.Map;
import org.t3jvm.model.nn.Manifest;
import org.t3jvm.model.nn.Shapes;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.tensor.Shape;

/**
 * The sizes of a Wan2.1 video autoencoder (SPEC 6); the released one has width 96 and 16 latent
 * channels.
 *
 * @param width channels of the finest stage, c
 * @param latentChannels channels of a latent cell, z
 */
public record VaeConfig(int width, int latentChannels) {
  /** Pixels of a latent cell along rows and along columns. */
  public static final int SPATIAL_FACTOR = 8;

  /** Frames of a latent frame, but for the first, which holds one. */
  public static final int TEMPORAL_FACTOR = 4;

  private static final int PIXEL_CHANNELS = 3;
  private static final int FOLDED_PIXEL_CHANNELS = 12;

  /**
   * The configuration that a checkpoint's shapes imply (SPEC 14).
   *
   * @throws UnsupportedModelException if the shapes are of no Wan2.1 VAE
   */
  public static VaeConfig infer(Map<String, Shape> tensors) {
    Shapes shapes = new Shapes("Wan2.1 VAE", tensors);
    int pixels = shapes.dim("encoder.conv1.weight", 1, 5);
    if (pixels == FOLDED_PIXEL_CHANNELS) {
      throw new UnsupportedModelException(
          "the Wan2.2 VAE is not supported yet; use Wan2.1_VAE.pth");
    }
    if (pixels != PIXEL_CHANNELS) {
      throw new UnsupportedModelException(
          "no Wan2.1 VAE: its encoder takes %d channels, not %d".formatted(pixels, PIXEL_CHANNELS));
    }
    int latentChannels = shapes.dim("conv2.weight", 0, 5);
    if (latentChannels != LatentScaling.channels()) {
      throw new UnsupportedModelException(
          "no Wan2.1 VAE: it has %d latent channels, not %d"
              .formatted(latentChannels, LatentScaling.channels()));
    }
    return new VaeConfig(shapes.dim("encoder.conv1.weight", 0, 5), latentChannels);
  }

  /** Regions of the graph that decodes one chunk: the layers and the head. */
  public int decoderRegions() {
    VaeLayers layers = VaeLayers.of(this);
    return layers.decoderMiddle().size() + layers.decoder().size() + 1;
  }

  /** All tensors of an autoencoder of this configuration. */
  public Manifest manifest() {
    int z = latentChannels;
    Manifest manifest = new Manifest();
    VaeLayers layers = VaeLayers.of(this);
    manifest.conv("encoder.conv1", width, PIXEL_CHANNELS, 3, 3, 3);
    layers.encoder().forEach(layer -> layer.declare(manifest));
    layers.encoderMiddle().forEach(layer -> layer.declare(manifest));
    declareHead(manifest, "encoder.head", layers.widest(), 2 * z);
    manifest.conv("conv1", 2L * z, 2L * z, 1, 1, 1);
    manifest.conv("conv2", z, z, 1, 1, 1);
    manifest.conv("decoder.conv1", layers.widest(), z, 3, 3, 3);
    layers.decoderMiddle().forEach(layer -> layer.declare(manifest));
    layers.decoder().forEach(layer -> layer.declare(manifest));
    declareHead(manifest, "decoder.head", width, PIXEL_CHANNELS);
    return manifest;
  }

  private static void declareHead(Manifest manifest, String name, int in, int out) {
    manifest.add(name + ".0.gamma", in, 1, 1, 1).conv(name + ".2", out, in, 3, 3, 3);
  }
}
