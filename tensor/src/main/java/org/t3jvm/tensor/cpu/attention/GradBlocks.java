package org.t3jvm.tensor.cpu.attention;

import org.t3jvm.tensor.cpu.gemm.Tile;

/**
 * How the scratch of one task of {@link AttentionGradKernel} is laid out, in floats from its start.
 * Rows lie {@link Tile#DEPTH} apart, in chunks of as many columns; panels are {@link Tile#COLUMNS}
 * wide.
 *
 * @param dim columns of a head, d
 */
record GradBlocks(int dim) {
  /** Keys of a block. */
  static final int KEYS = 2 * Math.max(32, Tile.COLUMNS);

  /** Queries of a block: whole tile rows, for twelve as for six. */
  static final int QUERIES = 96;

  /** Panels of a block's keys. */
  static final int KEY_PANELS = KEYS / Tile.COLUMNS;

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
    return keysTransposed() + dim * KEYS;
  }

  /** Keys: panels of d, each [keys, columns]. */
  int keys() {
    return valuesTransposed() + dim * KEYS;
  }

  /** Queries times the scale, as rows. */
  int queryRows() {
    return keys() + dimPanels() * KEYS * Tile.COLUMNS;
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
    return weights() + KEY_PANELS * QUERIES * Tile.COLUMNS;
  }

  /** Gradients of the scores, as rows. */
  int scoreRows() {
    return scores() + KEY_PANELS * QUERIES * Tile.COLUMNS;
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
    return keyGradients() + dimPanels() * KEYS * Tile.COLUMNS;
  }

  /** One gathered row, up to whole panels. */
  int row() {
    return valueGradients() + dimPanels() * KEYS * Tile.COLUMNS;
  }

  /** Row of each key in its frame, where windows slide; {@link #keyColumn} likewise. */
  int keyRow() {
    return row() + dimPanels() * Tile.COLUMNS;
  }

  int keyColumn() {
    return keyRow() + KEYS;
  }

  int floats() {
    return keyColumn() + KEYS;
  }
}
