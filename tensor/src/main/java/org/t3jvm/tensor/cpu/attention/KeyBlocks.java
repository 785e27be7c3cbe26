package org.t3jvm.tensor.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowBox.Span;
import org.t3jvm.tensor.graph.RowMap;

/**
 * The keys of a tile, block by block, each with the queries that attend to any of them. Where
 * windows slide a block is a box of keys, of such a shape that few queries attend to a part of it
 * only.
 *
 * @param tile the queries, and the block's keys among others
 * @param first key of the block, by its number in the tile
 * @param count keys of the block
 */
record KeyBlocks(RowMap.Tile tile, int first, int count) {
  /**
   * The blocks of a tile.
   *
   * @param most keys of a block at most
   */
  static List<KeyBlocks> of(RowMap.Tile tile, int most) {
    List<KeyBlocks> blocks = new ArrayList<>();
    if (tile.sliding() == null) {
      addRuns(tile, most, blocks);
      return blocks;
    }
    RowBox keys = tile.box();
    RowBox.Extents shape =
        BoxShapes.best(
            keys,
            most,
            h -> tile.sharing(keys.t(), h, keys.w()).queries().h().count(),
            w -> tile.sharing(keys.t(), keys.h(), w).queries().w().count(),
            tile.queries().t().count(),
            0);
    for (Span h : BoxShapes.split(keys.h(), shape.h())) {
      for (Span w : BoxShapes.split(keys.w(), shape.w())) {
        for (Span t : BoxShapes.split(keys.t(), shape.t())) {
          addRuns(tile.sharing(t, h, w), most, blocks);
        }
      }
    }
    if (tile.extra().count() > 0) {
      addRuns(tile.ofExtra(), most, blocks);
    }
    return blocks;
  }

  private static void addRuns(RowMap.Tile tile, int most, List<KeyBlocks> blocks) {
    for (int first = 0; first < tile.keys(); first += most) {
      blocks.add(new KeyBlocks(tile, first, Math.min(most, tile.keys() - first)));
    }
  }
}
