package org.t3jvm.model.train;

import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeGraphs;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * A VAE that encodes a whole video and decodes it again, as one graph: input {@link #FRAMES} [F,
 * height, width, 3] in [-1, 1], outputs {@link #LATENTS} [z, T, h, w], normalised, and {@link
 * #RECONSTRUCTION} of the frames' shape, which may leave [-1, 1].
 */
public final class TrainedVae {
  /** Name of the input. */
  public static final String FRAMES = "frames";

  /** Name of the encoder's output. */
  public static final String LATENTS = "latents";

  /** Name of the decoder's output. */
  public static final String RECONSTRUCTION = "reconstruction";

  private TrainedVae() {}

  /** The graph for videos of {@code frames} frames, 1 + 4k, whose latents are their means. */
  public static Graph graph(
      VaeConfig config, ParameterTypes parameters, int frames, int height, int width) {
    Tracer g = new Tracer();
    Value video = g.input(FRAMES, DType.F32, Shape.of(frames, height, width, 3));
    VaeGraphs.Autoencoded result = new VaeGraphs(config, parameters).autoencode(g, video, null);
    g.output(LATENTS, result.latents());
    g.output(RECONSTRUCTION, result.frames());
    return g.graph();
  }
}
