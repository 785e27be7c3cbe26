package org.t3jvm.tensor.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowBox.Span;
import org.t3jvm.tensor.graph.RowMap;

/**
 * The queries of a pass, block by block, each for one task. A block of a tile whose queries share
 * their keys is a run of them; where windows slide it is a box of queries, of such a shape that
 * their windows have most keys in common.
 */
final class QueryBlocks {
  private final List<RowMap.Tile> tiles;
  private final List<List<RowMap.Tile>> parts;
  private final int most;
  private final int each;

  private QueryBlocks(List<RowMap.Tile> tiles, List<List<RowMap.Tile>> parts, int most, int each) {
    this.tiles = tiles;
    this.parts = parts;
    this.most = most;
    this.each = each;
  }

  /**
   * The blocks of a pass.
   *
   * @param most queries of a block at most
   */
  static QueryBlocks of(RowMap.Pass pass, int most) {
    List<List<RowMap.Tile>> parts = new ArrayList<>();
    int each = 0;
    for (RowMap.Tile tile : pass.tiles()) {
      List<RowMap.Tile> boxes = tile.sliding() == null ? List.of() : parts(tile, most);
      parts.add(boxes);
      int runs = Math.ceilDiv(tile.queries().rows(), most);
      each = Math.max(each, tile.sliding() == null ? runs : boxes.size());
    }
    return new QueryBlocks(pass.tiles(), parts, most, each);
  }

  /** Blocks of the largest tile. */
  int each() {
    return each;
  }

  /** The queries of a block, in their tile or a part of it: those from {@link #first} on. */
  RowMap.Tile tile(int tile, int block) {
    List<RowMap.Tile> boxes = parts.get(tile);
    return boxes.isEmpty() ? tiles.get(tile) : boxes.get(block);
  }

  int first(int tile, int block) {
    return parts.get(tile).isEmpty() ? block * most : 0;
  }

  /** How many queries a block has; none or less if its tile has fewer blocks. */
  int count(int tile, int block) {
    return Math.min(most, tile(tile, block).queries().rows() - first(tile, block));
  }

  /** The boxes of a tile whose windows slide. */
  private static List<RowMap.Tile> parts(RowMap.Tile tile, int most) {
    RowBox queries = tile.queries();
    RowBox.Extents shape =
        BoxShapes.best(
            queries,
            most,
            h -> tile.part(queries.t(), h, queries.w()).box().h().count(),
            w -> tile.part(queries.t(), queries.h(), w).box().w().count(),
            tile.box().t().count(),
            tile.extra().count());
    List<RowMap.Tile> parts = new ArrayList<>();
    for (Span h : BoxShapes.split(queries.h(), shape.h())) {
      for (Span w : BoxShapes.split(queries.w(), shape.w())) {
        for (Span t : BoxShapes.split(queries.t(), shape.t())) {
          parts.add(tile.part(t, h, w));
        }
      }
    }
    return parts;
  }
}
