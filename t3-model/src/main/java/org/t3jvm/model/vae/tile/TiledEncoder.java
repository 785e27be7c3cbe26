package org.t3jvm.model.vae.tile;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntConsumer;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;

/**
 * Encodes a whole video in upstream's blended tiles (SPEC 8): each tile goes through all frames by
 * itself. For comparison with upstream; {@link VaeEncoder} is exact and does less.
 */
public final class TiledEncoder {
  /** Gives frames, again for each tile. */
  @FunctionalInterface
  public interface Frames {
    /**
     * Frames [count, H, W, 3] in [-1, 1] from frame {@code first} of the video on.
     *
     * @param arena for them, which ends when they are encoded
     */
    Tensor get(Arena arena, int first, int count) throws IOException;
  }

  private final Backend backend;
  private final VaeConfig config;
  private final Parameters parameters;
  private final Tiling tiling;
  private final int height;
  private final int width;
  private final List<Tile> tiles;

  /** An encoder to latents of {@code height} x {@code width} cells. */
  public TiledEncoder(
      Backend backend,
      VaeConfig config,
      Parameters parameters,
      Tiling tiling,
      int height,
      int width) {
    this.backend = backend;
    this.config = config;
    this.parameters = parameters;
    this.tiling = tiling;
    this.height = height;
    this.width = width;
    this.tiles = tiling.tiles(height, width);
  }

  /** Steps that {@code latentFrames} latent frames take. */
  public int steps(int latentFrames) {
    return latentFrames * tiles.size();
  }

  /**
   * The normalised latents [z, T, h, w] of a video.
   *
   * @param latentFrames T
   * @param step receives the next step, a tile over one latent frame
   * @throws IOException if frames cannot be had, or a temporary file fails
   */
  public Tensor encode(int latentFrames, Frames frames, RegionListener regions, IntConsumer step)
      throws IOException {
    int z = config.latentChannels();
    Tensor latents = Tensor.allocate(DType.F32, Shape.of(z, latentFrames, height, width));
    try (TileBlend blend = new TileBlend((long) z * latentFrames, height, width, 1)) {
      for (int index = 0; index < tiles.size(); index++) {
        Tile tile = tiles.get(index);
        TileMask mask = tiling.mask(tile, height, width, 1);
        blend.addWeights(tile.row(), tile.column(), mask);
        int s = config.spatialFactor();
        try (VaeEncoder encoder =
            new VaeEncoder(
                backend, config, parameters, tile.rows() * s, tile.columns() * s, Taps.NONE)) {
          for (int t = 0; t < latentFrames; t++) {
            step.accept(index * latentFrames + t);
            int first = VaeConfig.frames(t);
            Tensor part;
            try (Arena arena = Arena.ofShared()) {
              Tensor pixels = frames.get(arena, first, VaeConfig.frames(t + 1) - first);
              part = encoder.encode(tile.ofFrames(pixels, s), regions);
            }
            for (int c = 0; c < z; c++) {
              MemorySegment values = part.rows(c, 1).segment();
              blend.add((long) c * latentFrames + t, tile.row(), tile.column(), mask, values);
            }
          }
        }
      }
      long plane = (long) height * width * Float.BYTES;
      for (long i = 0; i < (long) z * latentFrames; i++) {
        blend.blended(i, latents.segment().asSlice(i * plane, plane));
      }
    }
    return latents;
  }
}
