package org.t3jvm.model.vae;

import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** The graphs that encode or decode one chunk of frames (SPEC 6 and 7). */
final class VaeGraphs {
  /** Name of the input: frames [F, H, W, 3], or latents [z, T, h, w]. */
  static final String INPUT = "chunk";

  /** Name of the output: latents [z, T, h, w], or frames [F, H, W, 3]. */
  static final String OUTPUT = "result";

  private final VaeConfig config;
  private final ParameterTypes parameters;
  private final VaeLayers layers;
  private final PixelFold fold;

  VaeGraphs(VaeConfig config, ParameterTypes parameters) {
    this.config = config;
    this.parameters = parameters;
    this.layers = VaeLayers.of(config);
    this.fold = new PixelFold(config.family().fold());
  }

  /**
   * Frames [frames, height, width, 3] in [-1, 1] to normalised latents [z, T, height/s, width/s], s
   * being the spatial factor.
   *
   * @param first whether the chunk starts the video; then frames is 1 + 4k, else 4k
   */
  Graph encode(int frames, int height, int width, boolean first, Taps taps) {
    Tracer g = new Tracer();
    VaeTracer vae = new VaeTracer(g, parameters, first, taps);
    Value x = g.input(INPUT, DType.F32, Shape.of(frames, height, width, 3));
    Value features = vae.layers(layers.encoder(), vae.causalConv("encoder.conv1", fold.fold(g, x)));
    Value middle = vae.layers(layers.encoderMiddle(), features);
    Value moments = vae.pointwise("conv1", vae.head("encoder.head", middle));
    Value mu = g.slice(moments, 3, 0, config.latentChannels());
    g.output(OUTPUT, g.permute(config.family().scaling().normalize(g, mu), 3, 0, 1, 2));
    return g.graph();
  }

  /**
   * Normalised latents [z, frames, height, width] to frames [F, s*height, s*width, 3] in [-1, 1], s
   * being the spatial factor.
   *
   * @param first whether the chunk starts the video; then F is 4*frames - 3, else 4*frames
   */
  Graph decode(int frames, int height, int width, boolean first, Taps taps) {
    Tracer g = new Tracer();
    VaeTracer vae = new VaeTracer(g, parameters, first, taps);
    Value latents =
        g.input(INPUT, DType.F32, Shape.of(config.latentChannels(), frames, height, width));
    Value z = config.family().scaling().denormalize(g, g.permute(latents, 1, 2, 3, 0));
    Value x = vae.causalConv("decoder.conv1", vae.pointwise("conv2", z));
    Value middle = vae.layers(layers.decoderMiddle(), x);
    Value features = vae.layers(layers.decoder(), middle);
    g.output(OUTPUT, g.clamp(fold.unfold(g, vae.head("decoder.head", features)), -1, 1));
    return g.graph();
  }
}
