package org.t3jvm.model.train;

import java.util.HashMap;
import java.util.Map;
import org.t3jvm.model.vae.TemporalState;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.vae.VaeGraphs;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.rewrite.GraphRewriter;

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

  /** The graph for videos of {@code frames} frames, 1 + 4k. */
  public static Graph graph(
      VaeConfig config, ParameterTypes parameters, int frames, int height, int width) {
    Tracer g = new Tracer();
    Value video = g.input(FRAMES, DType.F32, Shape.of(frames, height, width, 3));
    Graph encoder = VaeEncoder.whole(config, parameters, frames, height, width);
    Value latents = run(g, encoder, video);
    g.output(LATENTS, latents);
    Shape cells = latents.shape();
    Graph decoder =
        VaeDecoder.whole(config, parameters, cells.intDim(1), cells.intDim(2), cells.intDim(3));
    g.output(RECONSTRUCTION, run(g, decoder, latents));
    return g.graph();
  }

  private static Value run(Tracer g, Graph graph, Value input) {
    Map<String, Value> inputs = new HashMap<>();
    inputs.put(VaeGraphs.INPUT, input);
    graph
        .inputs()
        .forEach(
            (name, value) -> {
              if (name.startsWith(TemporalState.PREFIX)) {
                inputs.put(name, zeros(g, value.shape()));
              }
            });
    Value result = GraphRewriter.inline(graph, g, inputs).get(VaeGraphs.OUTPUT);
    if (result == null) {
      throw new IllegalStateException("the VAE's graph has no output " + VaeGraphs.OUTPUT);
    }
    return result;
  }

  private static Value zeros(Tracer g, Shape shape) {
    Value zero = g.constant(Tensor.allocate(DType.F32, Shape.of(1)));
    return g.append(new Op.Gradient.Broadcast(zero, shape));
  }
}
