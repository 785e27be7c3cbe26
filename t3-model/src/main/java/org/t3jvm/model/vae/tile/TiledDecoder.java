package org.t3jvm.model.vae.tile;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.band.BandDecoder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;

/**
 * Decodes a whole video in upstream's blended tiles (SPEC 8): each tile goes through all latent
 * frames by itself. Its frames are close to those of {@link VaeDecoder}, not equal: a tile sees
 * nothing of the latents around it. For comparison with upstream; {@link BandDecoder} is exact and
 * does less.
 */
public final class TiledDecoder {
  private static final int COLOURS = 3;
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Hears of what is decoded. */
  public interface Listener {
    /** The next step begins: a tile over one latent frame. */
    void step(int step);

    /** A tile's pixels [F, R, C, 3] of a latent frame, not clamped. */
    default void tile(int frame, Tensor pixels) {}

    /** The blended pixels [1, H, W, 3] in [-1, 1] of the next frame; reused after the call. */
    void decoded(int frame, Tensor pixels) throws IOException;
  }

  private final Backend backend;
  private final VaeConfig config;
  private final Parameters parameters;
  private final Tiling tiling;
  private final int height;
  private final int width;
  private final List<Tile> tiles;

  /** A decoder for latents of {@code height} x {@code width} cells. */
  public TiledDecoder(
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

  /** Steps that {@code frames} latent frames take. */
  public int steps(int frames) {
    return frames * tiles.size();
  }

  /** Bytes that decoding {@code frames} latent frames keeps in a temporary file. */
  public static long spilledBytes(VaeConfig config, int frames, int height, int width) {
    int s = config.spatialFactor();
    return TileBlend.bytes(VaeConfig.frames(frames), height * s, width * s, COLOURS);
  }

  /** Bytes of the blended pixels of a frame and of their weights, which are in memory. */
  public static long heldBytes(VaeConfig config, int height, int width) {
    int s = config.spatialFactor();
    return TileBlend.bytes(1, height * s, width * s, COLOURS + 1);
  }

  /**
   * Decodes a video.
   *
   * @param frames how many latent frames it has
   * @param latents gives each of them [z, 1, h, w]
   * @throws IOException if the temporary file fails, or the listener does
   */
  public void decode(
      int frames, IntFunction<Tensor> latents, RegionListener regions, Listener listener)
      throws IOException {
    int s = config.spatialFactor();
    int pixelFrames = VaeConfig.frames(frames);
    try (TileBlend blend = new TileBlend(pixelFrames, height * s, width * s, COLOURS)) {
      for (int index = 0; index < tiles.size(); index++) {
        tile(index, frames, latents, blend, regions, listener);
      }
      Tensor plane =
          Tensor.allocate(DType.F32, Shape.of(1, (long) height * s, (long) width * s, COLOURS));
      for (int f = 0; f < pixelFrames; f++) {
        blend.blended(f, plane.segment());
        clamp(plane);
        listener.decoded(f, plane);
      }
    }
  }

  private void tile(
      int index,
      int frames,
      IntFunction<Tensor> latents,
      TileBlend blend,
      RegionListener regions,
      Listener listener)
      throws IOException {
    int s = config.spatialFactor();
    Tile tile = tiles.get(index);
    TileMask mask = tiling.mask(tile, height, width, s);
    blend.addWeights(tile.row() * s, tile.column() * s, mask);
    Shape four =
        Shape.of(
            VaeConfig.TEMPORAL_FACTOR, (long) tile.rows() * s, (long) tile.columns() * s, COLOURS);
    try (Arena arena = Arena.ofShared();
        VaeDecoder decoder =
            VaeDecoder.unclamped(backend, config, parameters, tile.rows(), tile.columns())) {
      Tensor memory = Tensor.allocate(arena, DType.F32, four);
      for (int t = 0; t < frames; t++) {
        listener.step(index * frames + t);
        Tensor pixels = memory.rows(0, VaeConfig.frames(t + 1) - VaeConfig.frames(t));
        decoder.decode(tile.ofLatents(latents.apply(t)), pixels, regions);
        listener.tile(t, pixels);
        for (int f = 0; f < pixels.shape().dim(0); f++) {
          MemorySegment values = pixels.rows(f, 1).segment();
          blend.add(VaeConfig.frames(t) + f, tile.row() * s, tile.column() * s, mask, values);
        }
      }
    }
  }

  private static void clamp(Tensor plane) {
    MemorySegment values = plane.segment();
    for (long i = 0; i < plane.shape().elements(); i++) {
      values.setAtIndex(F32, i, Math.clamp(values.getAtIndex(F32, i), -1f, 1f));
    }
  }
}
