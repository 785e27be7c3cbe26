package org.t3jvm.model.vae;

import org.jspecify.annotations.Nullable;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** The graphs that encode or decode one chunk of frames (SPEC 6 and 7). */
public final class VaeGraphs {
  /** Name of the input: frames [F, H, W, 3], or latents [z, T, h, w]. */
  public static final String INPUT = "chunk";

  /** Name of the output: latents [z, T, h, w], or frames [F, H, W, 3]. */
  public static final String OUTPUT = "result";

  private static final float LOG_VARIANCE_LOW = -30;
  private static final float LOG_VARIANCE_HIGH = 20;

  /** TAEHV takes latents as {@code b tanh(x / b)}. */
  private static final float TINY_BOUND = 3;

  private static final float TANH_LIMIT = 20;

  private final VaeConfig config;
  private final ParameterTypes parameters;
  private final VaeLayers layers;
  private final PixelFold fold;

  public VaeGraphs(VaeConfig config, ParameterTypes parameters) {
    this.config = config;
    this.parameters = parameters;
    this.layers = VaeLayers.of(config);
    this.fold = new PixelFold(config.family().fold(), config.family().tiny());
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
    Value moments = moments(g, vae, x);
    g.output(OUTPUT, normalized(g, g.slice(moments, 3, 0, config.latentChannels())));
    return g.graph();
  }

  private Value normalized(Tracer g, Value mean) {
    return g.permute(config.family().scaling().normalize(g, mean), 3, 0, 1, 2);
  }

  private Value moments(Tracer g, VaeTracer vae, Value frames) {
    Value x = vae.causalConv("encoder.conv1", fold.fold(g, frames));
    Value middle = vae.layers(layers.encoderMiddle(), vae.layers(layers.encoder(), x));
    return vae.pointwise("conv1", vae.head("encoder.head", middle));
  }

  /**
   * What an autoencoder makes of frames, to be trained on.
   *
   * @param latents their mean, normalised, [z, T, h, w]
   * @param frames as they come back, [F, H, W, 3]
   * @param mean of the latents, not normalised, [T, h, w, z]
   * @param logVariance of the latents, [T, h, w, z]
   */
  public record Autoencoded(Value latents, Value frames, Value mean, Value logVariance) {}

  /**
   * Traces frames [1 + 4k, H, W, 3] to latents and back, the whole sequence at once.
   *
   * @param noise normal [T, h, w, z] that latents are drawn with; null to decode their mean
   */
  public Autoencoded autoencode(Tracer g, Value frames, @Nullable Value noise) {
    VaeTracer vae = VaeTracer.whole(g, parameters);
    int z = config.latentChannels();
    Value moments = moments(g, vae, frames);
    Value mean = g.slice(moments, 3, 0, z);
    Value logVariance = g.clamp(g.slice(moments, 3, z, z), LOG_VARIANCE_LOW, LOG_VARIANCE_HIGH);
    Value drawn =
        noise == null ? mean : g.add(mean, g.mul(g.exp(g.affine(logVariance, 0.5f, 0)), noise));
    return new Autoencoded(
        normalized(g, mean), upper(g, vae, trunk(g, vae, drawn), true), mean, logVariance);
  }

  /**
   * Normalised latents [z, frames, height, width] to frames [F, s*height, s*width, 3], s being the
   * spatial factor.
   *
   * @param first whether the chunk starts the video; then F is 4*frames - 3, else 4*frames
   * @param clamped whether to [-1, 1]
   */
  Graph decode(int frames, int height, int width, boolean first, boolean clamped, Taps taps) {
    Tracer g = new Tracer();
    VaeTracer vae = new VaeTracer(g, parameters, first, taps);
    Value pixels = upper(g, vae, trunk(g, vae, Shape.of(frames, height, width)), first);
    g.output(OUTPUT, clamped ? g.clamp(pixels, -1, 1) : pixels);
    return g.graph();
  }

  /**
   * The decoder's part that needs whole planes: one frame of normalised latents [z, 1, height,
   * width] to features [1, height, width, C].
   */
  public Graph decodeTrunk(int height, int width, boolean first) {
    Tracer g = new Tracer();
    VaeTracer vae = new VaeTracer(g, parameters, first, Taps.NONE);
    g.output(OUTPUT, trunk(g, vae, Shape.of(1, height, width)));
    return g.graph();
  }

  /**
   * The decoder's other part over a band of rows: features [1, rows, width, C] to frames [F, R,
   * s*width, 3] in [-1, 1], the R rows of {@link #decoded}.
   *
   * @param first whether the frame starts the video; then F is 1, else 4
   */
  public Graph decodeBand(RowBand band, int width, boolean first) {
    Tracer g = new Tracer();
    VaeTracer vae = new VaeTracer(g, parameters, first, band, Taps.NONE);
    long channels = VaeLayers.widest(config.decoderWidth());
    Shape shape = Shape.of(1, band.end() - band.first(), width, channels);
    g.output(OUTPUT, g.clamp(upper(g, vae, g.input(INPUT, DType.F32, shape), first), -1, 1));
    return g.graph();
  }

  /** Rows of the decoder's head, whose positions are {@code fold} pixels high, of a band. */
  public RowBand decoded(RowBand band) {
    return band.after(layers.decoder()).convolved();
  }

  private Value trunk(Tracer g, VaeTracer vae, Shape cells) {
    Shape shape = Shape.of(config.latentChannels(), cells.dim(0), cells.dim(1), cells.dim(2));
    Value latents = g.input(INPUT, DType.F32, shape);
    return trunk(g, vae, config.family().scaling().denormalize(g, g.permute(latents, 1, 2, 3, 0)));
  }

  /** Latents [T, h, w, z], not normalised, to features [T, h, w, C]. */
  private Value trunk(Tracer g, VaeTracer vae, Value z) {
    if (config.family().tiny()) {
      Value bounded = g.affine(tanh(g, g.affine(z, 1 / TINY_BOUND, 0)), TINY_BOUND, 0);
      return vae.relu(vae.spatialConv(Taehv.FIRST, bounded));
    }
    Value x = vae.causalConv("decoder.conv1", vae.pointwise("conv2", z));
    return vae.layers(layers.decoderMiddle(), x);
  }

  private Value upper(Tracer g, VaeTracer vae, Value features, boolean first) {
    Value x = vae.layers(layers.decoder(), features);
    if (!config.family().tiny()) {
      return fold.unfold(g, vae.head("decoder.head", x));
    }
    Value pixels = g.region(Taehv.LAST, Taehv.LAST, () -> vae.spatialConv(Taehv.LAST, vae.relu(x)));
    // Of the four frames that the first latent frame makes, the last is the video's first.
    int dropped = first ? VaeConfig.TEMPORAL_FACTOR - 1 : 0;
    long frames = pixels.shape().dim(0) - dropped;
    Value kept = g.slice(pixels, 0, dropped, frames);
    return g.affine(fold.unfold(g, kept), 2, -1);
  }

  /** {@code (e^2x - 1) / (e^2x + 1)}, of x within limits beyond which it is 1 in F32. */
  private static Value tanh(Tracer g, Value x) {
    Value power = g.exp(g.affine(g.clamp(x, -TANH_LIMIT, TANH_LIMIT), 2, 0));
    return g.div(g.affine(power, 1, -1), g.affine(power, 1, 1));
  }
}
