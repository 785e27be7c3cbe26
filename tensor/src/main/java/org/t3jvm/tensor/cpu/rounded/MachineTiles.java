package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.t3jvm.tensor.cpu.machine.TileCode;

/** Tiles by emitted code. What it would read or write is checked here: nothing checks it there. */
final class MachineTiles implements Tiles {
  private final TileCode code;

  MachineTiles(TileCode code) {
    this.code = code;
  }

  @Override
  public void multiply(
      MemorySegment a,
      long aAt,
      long aStride,
      MemorySegment b,
      long bAt,
      int pairs,
      MemorySegment c,
      long cAt,
      long cStride,
      int rows,
      int columns,
      boolean adds) {
    Objects.checkIndex(pairs - 1, Integer.MAX_VALUE);
    Objects.checkIndex(columns - 1, COLUMNS);
    Objects.checkIndex(rows - 1, Integer.MAX_VALUE);
    long aBytes = (rows - 1) * aStride + (long) pairs * PAIR;
    long cBytes = (rows - 1) * cStride + (long) columns * Float.BYTES;
    Objects.checkFromIndexSize(aAt, aBytes, a.byteSize());
    Objects.checkFromIndexSize(bAt, (long) pairs * PANEL_PAIR, b.byteSize());
    Objects.checkFromIndexSize(cAt, cBytes, c.byteSize());
    long from = a.address() + aAt;
    long panel = b.address() + bAt;
    long to = c.address() + cAt;
    long mask = (1L << columns) - 1;
    int blocks = rows / ROWS;
    if (blocks > 0) {
      code.run(ROWS, from, aStride, panel, pairs, to, cStride, blocks, mask, adds);
    }
    int done = blocks * ROWS;
    if (done < rows) {
      code.run(
          rows - done,
          from + done * aStride,
          aStride,
          panel,
          pairs,
          to + done * cStride,
          cStride,
          1,
          mask,
          adds);
    }
  }
}
