package org.t3jvm.tensor.cpu.attention;

import org.t3jvm.tensor.cpu.rounded.Pairs;
import org.t3jvm.tensor.cpu.rounded.Tiles;

/**
 * How attention of BF16 lays out keys and values in the temporary memory and one task's scratch: in
 * bytes what tiles multiply, in floats what a softmax needs. Panels are {@link Tiles#COLUMNS}
 * queries wide.
 *
 * @param dim columns of a head, d
 * @param queryPanels panels of queries that a task holds
 */
record RoundedBlocks(int dim, int queryPanels) {
  /** Panels of queries of a task at most. */
  private static final int QUERY_PANELS = 4;

  /** Keys of a block: whole tile rows, and so many that sums are seldom fetched and put back. */
  static final int KEYS = 16 * Tiles.ROWS;

  private static final int PANEL_ROW = Tiles.COLUMNS * Float.BYTES;

  static RoundedBlocks of(int dim, int queries) {
    int panels = Math.ceilDiv(queries, Tiles.COLUMNS);
    return new RoundedBlocks(dim, Math.min(QUERY_PANELS, panels));
  }

  /** Queries that a task holds. */
  int queries() {
    return queryPanels * Tiles.COLUMNS;
  }

  int dimPairs() {
    return Pairs.count(dim);
  }

  /** Bytes from key to key: pairs along d. */
  long keyRow() {
    return (long) dimPairs() * Tiles.PAIR;
  }

  /** Bytes from column to column of a block's values: pairs of keys. */
  long valueRow() {
    return (long) Pairs.count(KEYS) * Tiles.PAIR;
  }

  /** Where in a block its values lie, after its keys. */
  long values() {
    return KEYS * keyRow();
  }

  /** Bytes of a block of keys and values. */
  long blockBytes() {
    return values() + dim * valueRow();
  }

  /** Bytes of a unit, see {@link Units}. */
  long unitBytes(int keys) {
    return Math.ceilDiv(keys, KEYS) * blockBytes();
  }

  /** Queries of a panel: {@link Tiles#COLUMNS} pairs for each pair along d. */
  long q(int panel) {
    return panel * (long) dimPairs() * Tiles.PANEL_PAIR;
  }

  /** Results of a panel: d rows of {@link Tiles#COLUMNS}. */
  long o(int panel) {
    return q(queryPanels) + panel * (long) dim * PANEL_ROW;
  }

  /** Scores of a panel: a row for each key of a block. */
  long scores() {
    return o(queryPanels);
  }

  /** Weights of a panel: {@link Tiles#COLUMNS} pairs for each pair of keys. */
  long weights() {
    return scores() + (long) KEYS * PANEL_ROW;
  }

  /** Bytes of scratch outside of the heap. */
  long bytes() {
    return weights() + (long) Pairs.count(KEYS) * Tiles.PANEL_PAIR;
  }

  /** Largest score of each of a panel's queries so far, in floats, behind a panel's scores. */
  int max(int panel) {
    return KEYS * Tiles.COLUMNS + panel * Tiles.COLUMNS;
  }

  /** Sum of each of a panel's queries' weights so far, in floats. */
  int sum(int panel) {
    return max(queryPanels) + panel * Tiles.COLUMNS;
  }

  /** Factor that each query's result so far is to be multiplied by, in floats. */
  int rescale() {
    return sum(queryPanels);
  }

  /** One query's pairs, in floats. */
  int row() {
    return rescale() + Tiles.COLUMNS;
  }

  int floats() {
    return row() + dimPairs();
  }
}
