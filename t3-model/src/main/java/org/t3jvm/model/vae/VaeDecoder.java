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

/** Decodes latents to frames, chunk after chunk of latent frames (SPEC 6 and 7). */
public final class VaeDecoder implements AutoCloseable {
  private final ChunkedProgram chunks;

  /**
   * A decoder for latents of {@code height} x {@code width} cells.
   *
   * @param taps receives intermediate values, which become outputs of {@link #decodeAll} if asked
   */
  public VaeDecoder(
      Backend backend, VaeConfig config, Parameters parameters, int height, int width, Taps taps) {
    this(backend, config, parameters, height, width, true, taps);
  }

  private VaeDecoder(
      Backend backend,
      VaeConfig config,
      Parameters parameters,
      int height,
      int width,
      boolean clamped,
      Taps taps) {
    VaeGraphs graphs = new VaeGraphs(config, parameters);
    this.chunks =
        new ChunkedProgram(
            backend,
            parameters,
            (frames, first) -> graphs.decode(frames, height, width, first, clamped, taps));
  }

  /** A decoder whose frames may leave [-1, 1]. */
  public static VaeDecoder unclamped(
      Backend backend, VaeConfig config, Parameters parameters, int height, int width) {
    return new VaeDecoder(backend, config, parameters, height, width, false, Taps.NONE);
  }

  /**
   * The graph that decodes one latent frame which is not the video's first: latents [z, 1, height,
   * width] and the kept frames give frames [4, s*height, s*width, 3], s being the spatial factor,
   * and the frames to keep.
   */
  public static Graph laterFrame(
      VaeConfig config, ParameterTypes parameters, int height, int width) {
    return new VaeGraphs(config, parameters).decode(1, height, width, false, true, Taps.NONE);
  }

  /** Forgets the sequence so far: the next latents start a new video. */
  public void reset() {
    chunks.reset();
  }

  /**
   * The next frames [F, H, W, 3] in [-1, 1].
   *
   * @param latents [z, T, h, w], the next latent frames of the sequence
   * @return 4T - 3 frames from the first call, 4T from later ones
   */
  public Tensor decode(Tensor latents, RegionListener listener) {
    return chunks.result(latents, latents.shape().intDim(1), listener);
  }

  /** As {@link #decode(Tensor, RegionListener)}, one latent frame into {@code frames}. */
  public void decode(Tensor latents, Tensor frames, RegionListener listener) {
    chunks.run(Map.of(VaeGraphs.INPUT, latents), Map.of(VaeGraphs.OUTPUT, frames), 1, listener);
  }

  /**
   * What the next latents are decoded with beside themselves: the last frames before each
   * convolution over time, by name; empty before the first latents. The tensors are the decoder's
   * own and change with the next call.
   */
  public Map<String, Tensor> state() {
    return chunks.state();
  }

  /**
   * Continues from the state of another decoder of the same model and size.
   *
   * @throws IllegalArgumentException if it is not of such a decoder
   */
  public void restore(Map<String, Tensor> state) {
    chunks.restore(state);
  }

  /** What decoding one latent frame needs in memory, but for the first, which needs less. */
  public MemoryPlan memoryPlan() {
    return chunks.memoryPlan(1, false);
  }

  /** As {@link #decode}, with everything that was tapped; the frames are {@code result}. */
  Map<String, Tensor> decodeAll(Tensor latents, RegionListener listener) {
    return chunks.run(latents, latents.shape().intDim(1), listener);
  }

  @Override
  public void close() {
    chunks.close();
  }
}
