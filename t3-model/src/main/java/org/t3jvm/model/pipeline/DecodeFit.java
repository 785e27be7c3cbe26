package org.t3jvm.model.pipeline;

import java.util.Optional;
import java.util.stream.Stream;
import org.t3jvm.model.vae.DecodeBands;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;

/**
 * What decoding one latent frame takes: of whole planes, or in as few bands of rows as the budget
 * allows.
 *
 * @param memory of the program; empty if the backend cannot tell before it compiles
 * @param held bytes beside it: the latents, the frames, and the frames and rows that convolutions
 *     keep from the chunk before and for the next one
 * @param bands of rows; empty if whole planes are decoded
 */
public record DecodeFit(Optional<MemoryPlan> memory, long held, Optional<DecodeBands> bands) {
  /**
   * Fits decoding into a budget.
   *
   * @param latents shape [z, T, h, w]
   * @throws PipelineException if it does not fit
   */
  public static DecodeFit of(
      Backend backend, VaeConfig vae, ParameterTypes types, Shape latents, MemoryBudget budget) {
    int height = latents.intDim(2);
    int width = latents.intDim(3);
    Graph whole = VaeDecoder.laterFrame(vae, types, height, width);
    DecodeFit fit = of(backend, whole, latents, Optional.empty());
    int most = DecodeBands.rowsInAll(vae, height);
    int rows = most;
    for (int count = 2; !fit.fits(budget) && rows > 1; count++) {
      int fewer = Math.ceilDiv(most, count);
      if (fewer < rows) {
        rows = fewer;
        fit = of(backend, latents, new DecodeBands(vae, types, height, width, rows));
      }
    }
    if (!fit.fits(budget)) {
      int factor = vae.spatialFactor();
      throw budget.shortage(
          "decoding frames of %dx%d".formatted(width * factor, height * factor), fit.bytes());
    }
    return fit;
  }

  /** The larger of the trunk's need and that of a band that touches neither edge, if there is. */
  private static DecodeFit of(Backend backend, Shape latents, DecodeBands bands) {
    return Stream.of(bands.trunk(false), bands.band(bands.count() / 2, false))
        .map(graph -> of(backend, graph, latents, Optional.of(bands)))
        .max((a, b) -> Long.compare(a.bytes(), b.bytes()))
        .orElseThrow();
  }

  private static DecodeFit of(
      Backend backend, Graph graph, Shape latents, Optional<DecodeBands> bands) {
    long held = latents.elements() * Float.BYTES + GraphMemory.held(graph);
    return new DecodeFit(backend.plan(graph), held, bands);
  }

  private boolean fits(MemoryBudget budget) {
    return memory.isEmpty() || bytes() <= budget.bytes();
  }

  /** Bytes in all, but for the weights. */
  public long bytes() {
    return held + memory.map(GraphMemory::working).orElse(0L);
  }
}
