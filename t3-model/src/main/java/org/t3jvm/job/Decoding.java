package org.t3jvm.job;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the VAE computes.
 *
 * @param mode exact values, or upstream's blended tiles
 * @param tiles size and stride of tiles; null for upstream's
 */
public record Decoding(Mode mode, @Nullable Tiles tiles) {
  /** Exact values. */
  public static final Decoding EXACT = new Decoding(Mode.EXACT, null);

  /** The ways. */
  public enum Mode {
    EXACT,
    TILED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Size of a tile and stride from one to the next, in latent cells (SPEC 8). */
  public record Tiles(int rows, int columns, int strideRows, int strideColumns) {}

  public Decoding {
    mode = mode == null ? Mode.EXACT : mode;
    if (tiles != null && mode == Mode.EXACT) {
      throw new JobException("decoding.tiles has no meaning with decoding.mode exact");
    }
  }
}
