package org.t3jvm.tensor.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of q attend to which rows of k and v, as arithmetic that every backend reads: the
 * attention of an {@link AttentionPattern} is the weighted sum of some passes.
 */
public record RowMap(List<Pass> passes) {
  public RowMap {
    passes = List.copyOf(passes);
  }

  /** One pass over tiles. */
  static RowMap of(List<Tile> tiles) {
    return new RowMap(List.of(new Pass(1, tiles)));
  }

  /**
   * Attention of tiles, each a softmax over keys of its own.
   *
   * @param share weight of this pass in the result
   * @param tiles each row of q lies in one of them
   */
  public record Pass(float share, List<Tile> tiles) {
    public Pass {
      tiles = List.copyOf(tiles);
    }

    /** Queries of the largest tile. */
    public int mostQueries() {
      return tiles.stream().mapToInt(tile -> tile.queries().rows()).max().orElse(0);
    }

    /** Keys of the largest tile. */
    public int mostKeys() {
      return tiles.stream().mapToInt(Tile::keys).max().orElse(0);
    }
  }

  /**
   * Queries that attend to a box of keys and to some extra ones, in one softmax.
   *
   * @param queries rows of q
   * @param box rows of k and v
   * @param extra further rows of k and v, which every query attends to
   * @param sliding where each query attends to a window of the box only: queries and keys are
   *     tokens of one grid then; null if each attends to all keys
   */
  public record Tile(
      RowBox queries, RowBox box, RowBox.Span extra, @Nullable SlidingWindows sliding) {
    private static final RowBox.Span NONE = new RowBox.Span(0, 0, 1);

    /** Queries that attend to all keys of a box. */
    static Tile of(RowBox queries, RowBox keys) {
      return new Tile(queries, keys, NONE, null);
    }

    /** Number of keys, those of the box first. */
    public int keys() {
      return box.rows() + extra.count();
    }

    /** Row of a key. */
    public long key(int member) {
      int ofBox = box.rows();
      return member < ofBox ? box.row(member) : extra.at(member - ofBox);
    }

    /** Some of the queries, with the keys of the box that any of them attends to. */
    public Tile part(RowBox.Span t, RowBox.Span h, RowBox.Span w) {
      RowBox keys =
          sliding == null ? box : box.with(box.t(), sliding.h().around(h), sliding.w().around(w));
      return new Tile(queries.with(t, h, w), keys, extra, sliding);
    }

    /**
     * Some of the keys of a sliding tile's box, with the queries whose windows have any of them.
     */
    public Tile sharing(RowBox.Span t, RowBox.Span h, RowBox.Span w) {
      RowBox sharing =
          sliding == null
              ? queries
              : queries.with(queries.t(), sliding.h().centres(h), sliding.w().centres(w));
      return new Tile(sharing, box.with(t, h, w), NONE, sliding);
    }

    /** The extra keys, to all of which all queries attend. */
    public Tile ofExtra() {
      return of(queries, RowBox.line(extra));
    }

    /** The same attention by tiles in which every query attends to all keys. */
    public List<Tile> whole() {
      if (sliding == null) {
        return List.of(this);
      }
      List<Tile> tiles = new ArrayList<>();
      for (RowBox.Span h : alike(queries.h(), sliding.h())) {
        for (RowBox.Span w : alike(queries.w(), sliding.w())) {
          Tile part = part(queries.t(), h, w);
          tiles.add(new Tile(part.queries, part.box, extra, null));
        }
      }
      return tiles;
    }

    /** Neighbouring coordinates with one window. */
    private static List<RowBox.Span> alike(RowBox.Span centres, SlidingAxis axis) {
      List<RowBox.Span> spans = new ArrayList<>();
      int first = centres.start();
      for (int next = first + 1; next <= centres.last() + 1; next++) {
        if (next > centres.last() || axis.start(next) != axis.start(first)) {
          spans.add(new RowBox.Span(first, next - first, 1));
          first = next;
        }
      }
      return spans;
    }
  }

  /** The window of a query at (h, w): all frames, and along h and w what these say. */
  public record SlidingWindows(SlidingAxis h, SlidingAxis w) {}
}
