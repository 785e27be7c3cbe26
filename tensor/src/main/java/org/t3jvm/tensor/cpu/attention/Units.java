package org.t3jvm.tensor.cpu.attention;

import org.t3jvm.tensor.cpu.gemm.Tile;

/**
 * Consecutive pairs of a tile and a head whose keys and values lie in the temporary memory
 * together: unit after unit, in blocks of {@link Blocks#KEYS} keys, each the keys [keys, d] and
 * then the values in panels, [keys, {@link Tile#COLUMNS}] each.
 *
 * @param first number of the first pair, heads fastest
 * @param count pairs
 * @param heads heads of the op
 * @param keys keys of the largest tile, which every unit has room for
 * @param dim columns of a head, d
 */
record Units(int first, int count, int heads, int keys, int dim) {
  int tile(int unit) {
    return (first + unit) / heads;
  }

  int head(int unit) {
    return (first + unit) % heads;
  }

  /** Blocks of keys that a unit has room for. */
  int keyBlocks() {
    return Math.ceilDiv(keys, Blocks.KEYS);
  }

  /** Floats from a block's keys to its values. */
  int values() {
    return Blocks.KEYS * dim;
  }

  /** Floats of a block's values. */
  int valueFloats() {
    return Tile.panels(dim) * Blocks.KEYS * Tile.COLUMNS;
  }

  /** Index of a block's first float in the temporary memory. */
  long at(int unit, int block) {
    return ((long) unit * keyBlocks() + block) * (values() + valueFloats());
  }

  /** Bytes that all units take. */
  long bytes() {
    return at(count, 0) * Float.BYTES;
  }
}
