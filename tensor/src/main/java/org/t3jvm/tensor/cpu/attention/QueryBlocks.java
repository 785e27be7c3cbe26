package org.t3jvm.tensor.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowBox.Span;
import org.t3jvm.tensor.graph.RowMap;

/**
 * The queries of a pass, block by block, each for one task. A block of a tile whose queries share
 * their keys is a run of them; where windows slide it is a box of queries, of such a shape that
 * their windows have most keys in common.
 */
final class QueryBlocks {
  /** What loading keys costs, in panels of queries that meet them. */
  private static final int LOADING = 1;

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
    RowBox.Extents shape = shape(tile, most);
    List<RowMap.Tile> parts = new ArrayList<>();
    for (Span h : split(queries.h(), shape.h())) {
      for (Span w : split(queries.w(), shape.w())) {
        for (Span t : split(queries.t(), shape.t())) {
          parts.add(tile.part(t, h, w));
        }
      }
    }
    return parts;
  }

  /** The shape of boxes of at most {@code most} queries that take the least work in all. */
  private static RowBox.Extents shape(RowMap.Tile tile, int most) {
    RowBox queries = tile.queries();
    RowBox.Extents best = new RowBox.Extents(1, 1, 1);
    double least = Double.POSITIVE_INFINITY;
    for (int t = 1; t <= Math.min(queries.t().count(), most); t++) {
      for (int h = 1; h <= Math.min(queries.h().count(), most / t); h++) {
        for (int w = 1; w <= Math.min(queries.w().count(), most / t / h); w++) {
          double keys = keys(tile, h, w) * Math.ceilDiv(queries.t().count(), t);
          double work = keys * (Tile.panels((long) t * h * w) + LOADING);
          if (work < least) {
            least = work;
            best = new RowBox.Extents(t, h, w);
          }
        }
      }
    }
    return best;
  }

  /** Keys that all boxes of {@code h} by {@code w} queries attend to, added up. */
  private static double keys(RowMap.Tile tile, int h, int w) {
    RowBox queries = tile.queries();
    double alongH = 0;
    List<Span> rows = split(queries.h(), h);
    for (Span span : rows) {
      alongH += tile.part(queries.t(), span, queries.w()).box().h().count();
    }
    double alongW = 0;
    List<Span> columns = split(queries.w(), w);
    for (Span span : columns) {
      alongW += tile.part(queries.t(), queries.h(), span).box().w().count();
    }
    return alongH * alongW * tile.box().t().count()
        + (double) rows.size() * columns.size() * tile.extra().count();
  }

  /**
   * Neighbouring coordinates, in as few spans of at most {@code size} as there can be, near-equal.
   */
  private static List<Span> split(Span all, int size) {
    int parts = Math.ceilDiv(all.count(), size);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      int from = all.count() * i / parts;
      spans.add(new Span(all.at(from), all.count() * (i + 1) / parts - from, all.step()));
    }
    return spans;
  }
}
