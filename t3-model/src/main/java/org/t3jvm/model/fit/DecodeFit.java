package org.t3jvm.model.fit;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.band.DecodeBands;
import org.t3jvm.model.vae.tile.TiledDecoder;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;

/**
 * What decoding one latent frame takes: of whole planes, or in as few bands of rows as the budget
 * allows, or in upstream's tiles where those are asked for.
 *
 * @param memory of the program; empty if the backend cannot tell before it compiles
 * @param held bytes beside it: the latents, the frames, and the frames and rows that convolutions
 *     keep from the chunk before and for the next one
 * @param bands of rows; empty if whole planes or tiles are decoded
 * @param tiling the tiles that are asked for
 */
public record DecodeFit(
    Optional<MemoryPlan> memory, long held, Optional<DecodeBands> bands, Optional<Tiling> tiling) {
  /**
   * Fits exact decoding into a budget.
   *
   * @param latents shape [z, T, h, w]
   * @throws RunFailedException if it does not fit
   */
  public static DecodeFit of(
      Backend backend, VaeConfig vae, ParameterTypes types, Shape latents, MemoryBudget budget) {
    DecodeFit fit = closest(backend, vae, types, latents, null, budget);
    Optional<String> shortage =
        budget.shortage(new JobFit.Need(name(vae, latents, null), fit.bytes()));
    if (shortage.isPresent()) {
      throw new RunFailedException(shortage.get());
    }
    return fit;
  }

  /** What is decoded, of latents [z, T, h, w]. */
  static String name(VaeConfig vae, Shape latents, @Nullable Tiling tiling) {
    int factor = vae.spatialFactor();
    return "decoding frames of %dx%d%s"
        .formatted(
            latents.intDim(3) * factor,
            latents.intDim(2) * factor,
            tiling == null ? "" : " in tiles of " + tiling);
  }

  /**
   * The fit with the fewest bands, or the one in tiles if {@code tiling} is not null; if none fits,
   * the one that takes least memory.
   */
  static DecodeFit closest(
      Backend backend,
      VaeConfig vae,
      ParameterTypes types,
      Shape latents,
      @Nullable Tiling tiling,
      MemoryBudget budget) {
    return tiling == null
        ? exact(backend, vae, types, latents, budget)
        : tiled(backend, vae, types, latents, tiling);
  }

  /** The memory of a tile, the largest if they differ, and of what blends them. */
  private static DecodeFit tiled(
      Backend backend, VaeConfig vae, ParameterTypes types, Shape latents, Tiling tiling) {
    int height = latents.intDim(2);
    int width = latents.intDim(3);
    int rows = Math.min(tiling.rows(), height);
    int columns = Math.min(tiling.columns(), width);
    DecodeFit tile =
        of(backend, VaeDecoder.laterFrame(vae, types, rows, columns), latents, Optional.empty());
    long held = tile.held + TiledDecoder.heldBytes(vae, height, width);
    return new DecodeFit(tile.memory, held, Optional.empty(), Optional.of(tiling));
  }

  private static DecodeFit exact(
      Backend backend, VaeConfig vae, ParameterTypes types, Shape latents, MemoryBudget budget) {
    int height = latents.intDim(2);
    int width = latents.intDim(3);
    Graph whole = VaeDecoder.laterFrame(vae, types, height, width);
    int most = DecodeBands.rowsInAll(vae, height);
    if (GraphMemory.holds(backend, whole)) {
      DecodeFit fit = of(backend, whole, latents, Optional.empty());
      if (fit.fits(budget) || most == 1) {
        return fit;
      }
    }
    DecodeFit least = of(backend, latents, new DecodeBands(vae, types, height, width, 1));
    if (!least.fits(budget)) {
      return least;
    }
    int rows = most;
    for (int count = 2; ; count++) {
      int fewer = Math.ceilDiv(most, count);
      if (fewer == rows && rows > 1) {
        continue;
      }
      rows = fewer;
      DecodeBands bands = new DecodeBands(vae, types, height, width, rows);
      if (rows == 1 || GraphMemory.holds(backend, band(bands))) {
        DecodeFit fit = of(backend, latents, bands);
        if (fit.fits(budget)) {
          return fit;
        }
      }
    }
  }

  /** A band that touches neither edge, if there is one. */
  private static Graph band(DecodeBands bands) {
    return bands.band(bands.count() / 2, false);
  }

  /** The larger of the trunk's need and a band's. */
  private static DecodeFit of(Backend backend, Shape latents, DecodeBands bands) {
    return Stream.of(bands.trunk(false), band(bands))
        .map(graph -> of(backend, graph, latents, Optional.of(bands)))
        .max((a, b) -> Long.compare(a.bytes(), b.bytes()))
        .orElseThrow();
  }

  private static DecodeFit of(
      Backend backend, Graph graph, Shape latents, Optional<DecodeBands> bands) {
    long held = latents.elements() * Float.BYTES + GraphMemory.held(graph);
    return new DecodeFit(backend.plan(graph), held, bands, Optional.empty());
  }

  private boolean fits(MemoryBudget budget) {
    return memory.isEmpty() || bytes() <= budget.bytes();
  }

  /** Bytes in all, but for the weights. */
  public long bytes() {
    return held + memory.map(GraphMemory::working).orElse(0L);
  }
}
