package org.t3jvm.model.vae.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Overlapping tiles as upstream decodes and encodes in, in latent cells (SPEC 8). Each is computed
 * as if there were no other; where tiles overlap, their results are blended.
 *
 * @param rows of a tile
 * @param columns of a tile
 * @param strideRows from one tile to the next below it; fewer than {@code rows}
 * @param strideColumns from one tile to the next beside it; fewer than {@code columns}
 */
public record Tiling(int rows, int columns, int strideRows, int strideColumns) {
  /** What T3-Video's runner decodes 2176x3840 in (SPEC 1). */
  public static final Tiling T3_VIDEO = new Tiling(68, 120, 34, 60);

  /** The default tiles of upstream's pipeline (SPEC 1). */
  public static final Tiling PIPELINE = new Tiling(30, 52, 15, 26);

  private static final Pattern SIZES =
      Pattern.compile("([0-9]{1,6})x([0-9]{1,6})/([0-9]{1,6})x([0-9]{1,6})");

  public Tiling {
    if (strideRows < 1 || strideRows >= rows || strideColumns < 1 || strideColumns >= columns) {
      throw new IllegalArgumentException(
          "tiles of %dx%d latent cells at strides of %dx%d do not overlap; a stride is at least 1"
                  .formatted(rows, columns, strideRows, strideColumns)
              + " and smaller than a tile");
    }
  }

  /**
   * Tiles as users type them, size and stride, rows first, such as {@code 68x120/34x60}.
   *
   * @throws IllegalArgumentException if it is no size and stride, or tiles do not overlap
   */
  public static Tiling parse(String text) {
    Matcher sizes = SIZES.matcher(text.strip());
    if (!sizes.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not size/stride in latent cells, such as 68x120/34x60".formatted(text));
    }
    return new Tiling(
        Integer.parseInt(sizes.group(1)),
        Integer.parseInt(sizes.group(2)),
        Integer.parseInt(sizes.group(3)),
        Integer.parseInt(sizes.group(4)));
  }

  /** The tiles of a plane of latents, row by row; those at the far edges may be smaller. */
  public List<Tile> tiles(int height, int width) {
    List<Tile> tiles = new ArrayList<>();
    for (int row : starts(height, rows, strideRows)) {
      for (int column : starts(width, columns, strideColumns)) {
        int tileRows = Math.min(rows, height - row);
        int tileColumns = Math.min(columns, width - column);
        tiles.add(new Tile(row, column, tileRows, tileColumns));
      }
    }
    return tiles;
  }

  /** Multiples of the stride, but for those that follow a tile which reaches the end. */
  private static List<Integer> starts(int extent, int size, int stride) {
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at < extent; at += stride) {
      if (at < stride || at - stride + size < extent) {
        starts.add(at);
      }
    }
    return starts;
  }

  /** The weights of a tile's values, {@code scale} of them along each side of a latent cell. */
  TileMask mask(Tile tile, int height, int width, int scale) {
    boolean top = tile.row() == 0;
    boolean bottom = tile.row() + rows >= height;
    boolean left = tile.column() == 0;
    boolean right = tile.column() + columns >= width;
    return new TileMask(
        TileMask.ramp(tile.rows() * scale, (rows - strideRows) * scale, top, bottom),
        TileMask.ramp(tile.columns() * scale, (columns - strideColumns) * scale, left, right));
  }

  /** Size and stride as {@link #parse} reads them. */
  @Override
  public String toString() {
    return "%dx%d/%dx%d".formatted(rows, columns, strideRows, strideColumns);
  }
}
