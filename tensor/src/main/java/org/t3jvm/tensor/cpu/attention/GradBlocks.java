package org.t3jvm.tensor.cpu.attention;

import org.t3jvm.tensor.cpu.gemm.Tile;

/**
 * How the scratch of one task of {@link AttentionGradKernel} is laid out, in floats from its start.
 * Rows lie {@link Tile#DEPTH} apart, in chunks of as many columns; panels are {@link Tile#COLUMNS}
 * wide.
 *
 * @param dim columns of a head, d
 * @param keysAtMost keys of a block at most
 */
record GradBlocks(int dim, int keysAtMost) {
  /**
   * Elements of a block's keys at most, so that all of a task's blocks share a second-level cache.
   */
  private static final int KEY_FLOATS = 1 << 14;

  /** Queries of a block: whole tile rows, for twelve as for six. */
  static final int QUERIES = 96;

  /** Blocks of as many keys as their elements allow: whole panels, whose scores fit into rows. */
  static GradBlocks of(int dim) {
    int panels = Math.clamp(KEY_FLOATS / dim / Tile.COLUMNS, 2, Tile.DEPTH / Tile.COLUMNS);
    return new GradBlocks(dim, panels * Tile.COLUMNS);
  }

  private int chunks() {
    return Math.ceilDiv(dim, Tile.DEPTH);
  }

  int dimPanels() {
    return Tile.panels(dim);
  }

  /** Transposed keys: panels of keys, each [d, columns]. */
  int keysTransposed() {
    return 0;
  }

  /** Transposed values: likewise. */
  int valuesTransposed() {
    return keysTransposed() + dim * keysAtMost;
  }

  /** Keys: panels of d, each [keys, columns]. */
  int keys() {
    return valuesTransposed() + dim * keysAtMost;
  }

  /** Queries times the scale, as rows. */
  int queryRows() {
    return keys() + dimPanels() * keysAtMost * Tile.COLUMNS;
  }

  /** Gradients of the result, as rows. */
  int gradientRows() {
    return queryRows() + chunks() * QUERIES * Tile.DEPTH;
  }

  /** Queries times the scale: panels of d, each [queries, columns]. */
  int queries() {
    return gradientRows() + chunks() * QUERIES * Tile.DEPTH;
  }

  /** Gradients of the result: likewise. */
  int gradients() {
    return queries() + dimPanels() * QUERIES * Tile.COLUMNS;
  }

  /** Scores, then weights: panels of keys, each [queries, columns]. */
  int weights() {
    return gradients() + dimPanels() * QUERIES * Tile.COLUMNS;
  }

  /** Gradients of the weights, then of the scores: likewise. */
  int scores() {
    return weights() + keysAtMost * QUERIES;
  }

  /** Gradients of the scores, as rows. */
  int scoreRows() {
    return scores() + keysAtMost * QUERIES;
  }

  /** Gradients of the queries: panels of d, each [queries, columns]. */
  int queryGradients() {
    return scoreRows() + QUERIES * Tile.DEPTH;
  }

  /** Gradients of the keys: panels of d, each [keys, columns]. */
  int keyGradients() {
    return queryGradients() + dimPanels() * QUERIES * Tile.COLUMNS;
  }

  /** Gradients of the values: likewise. */
  int valueGradients() {
    return keyGradients() + dimPanels() * keysAtMost * Tile.COLUMNS;
  }

  /** One gathered row, up to whole panels. */
  int row() {
    return valueGradients() + dimPanels() * keysAtMost * Tile.COLUMNS;
  }

  /** Row of each key in its frame, where windows slide; {@link #keyColumn} likewise. */
  int keyRow() {
    return row() + dimPanels() * Tile.COLUMNS;
  }

  int keyColumn() {
    return keyRow() + keysAtMost;
  }

  int floats() {
    return keyColumn() + keysAtMost;
  }
}
