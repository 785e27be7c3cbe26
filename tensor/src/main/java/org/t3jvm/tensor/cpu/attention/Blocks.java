package org.t3jvm.tensor.cpu.attention;

import org.t3jvm.tensor.cpu.gemm.Tile;

/**
 * How one task's scratch is laid out, in floats from its start. Panels are {@link Tile#COLUMNS}
 * wide.
 *
 * @param dim columns of a head, d
 * @param queryPanels panels of queries that a task holds
 */
record Blocks(int dim, int queryPanels) {
  /** Panels of queries of a task at most. */
  static final int QUERY_PANELS = 8;

  /** Keys of a block: whole tile rows, for twelve as for six. */
  static final int KEYS = 96;

  static Blocks of(int dim, int queries) {
    return new Blocks(dim, Math.min(QUERY_PANELS, Tile.panels(queries)));
  }

  /** Queries that a task holds. */
  int queries() {
    return queryPanels * Tile.COLUMNS;
  }

  int valuePanels() {
    return Tile.panels(dim);
  }

  /** Transposed queries: panel after panel, each [d, columns]. */
  int q() {
    return 0;
  }

  /** Keys: chunk after chunk of {@link Tile#DEPTH} columns, each {@link #KEYS} rows. */
  int k() {
    return queryPanels * dim * Tile.COLUMNS;
  }

  /** Values: panel after panel, each [keys, columns]. */
  int v() {
    return k() + Math.ceilDiv(dim, Tile.DEPTH) * KEYS * Tile.DEPTH;
  }

  /** Scores, then weights: panel after panel of queries, each [keys, columns]. */
  int s() {
    return v() + valuePanels() * KEYS * Tile.COLUMNS;
  }

  /** Results: panel after panel of values, each [queries, columns]. */
  int o() {
    return s() + queryPanels * KEYS * Tile.COLUMNS;
  }

  /** Largest score of each query so far. */
  int max() {
    return o() + valuePanels() * queries() * Tile.COLUMNS;
  }

  /** Sum of each query's weights so far. */
  int sum() {
    return max() + queries();
  }

  /** Factor that each query's result so far is to be multiplied by. */
  int rescale() {
    return sum() + queries();
  }

  /** One gathered row. */
  int row() {
    return rescale() + queries();
  }

  /** First row of each query's window, where windows slide; {@link #windowColumn} likewise. */
  int windowRow() {
    return row() + Math.max(dim, KEYS);
  }

  int windowColumn() {
    return windowRow() + queries();
  }

  /** Row of each key in its frame, where windows slide; {@link #keyColumn} likewise. */
  int keyRow() {
    return windowColumn() + queries();
  }

  int keyColumn() {
    return keyRow() + KEYS;
  }

  int floats() {
    return keyColumn() + KEYS;
  }
}
