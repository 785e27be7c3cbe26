package org.t3jvm.model.vae;

import java.util.Map;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;

/**
 * Encodes frames to latents, chunk after chunk: 1 + 4k frames first, then 4k at a time (SPEC 6 and
 * 7).
 */
public final class VaeEncoder implements AutoCloseable {
  private final ChunkedProgram chunks;

  /**
   * An encoder for frames of {@code height} x {@code width} pixels, both multiples of the spatial
   * factor.
   */
  public VaeEncoder(
      Backend backend, VaeConfig config, Parameters parameters, int height, int width, Taps taps) {
    VaeGraphs graphs = new VaeGraphs(config, parameters);
    this.chunks =
        new ChunkedProgram(
            backend,
            parameters,
            (frames, first) -> graphs.encode(frames, height, width, first, taps));
  }

  /**
   * The graph that encodes one chunk: frames [F, height, width, 3] give the latents of one latent
   * frame; F is 1 if the chunk starts the video, else 4.
   */
  public static Graph chunk(
      VaeConfig config, ParameterTypes parameters, int height, int width, boolean first) {
    return new VaeGraphs(config, parameters)
        .encode(first ? 1 : VaeConfig.TEMPORAL_FACTOR, height, width, first, Taps.NONE);
  }

  /** Forgets the sequence so far: the next frames start a new video. */
  public void reset() {
    chunks.reset();
  }

  /**
   * The next normalised latents [z, T, height/s, width/s], s being the spatial factor.
   *
   * @param frames [F, height, width, 3] in [-1, 1]; F is 1 + 4k in the first call, 4k in later ones
   */
  public Tensor encode(Tensor frames, RegionListener listener) {
    return chunks.result(frames, frames.shape().intDim(0), listener);
  }

  /** What encoding a video's first {@code frames} frames, 1 + 4k, needs in memory. */
  public MemoryPlan memoryPlan(int frames) {
    return chunks.memoryPlan(frames, true);
  }

  /** As {@link #encode}, with everything that was tapped; the latents are {@code result}. */
  Map<String, Tensor> encodeAll(Tensor frames, RegionListener listener) {
    return chunks.run(frames, frames.shape().intDim(0), listener);
  }

  @Override
  public void close() {
    chunks.close();
  }
}
