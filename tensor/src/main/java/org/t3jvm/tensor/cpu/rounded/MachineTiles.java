package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.t3jvm.tensor.cpu.machine.TileCode;
import org.t3jvm.tensor.cpu.machine.TileKind;

/** Tiles by emitted code. What it would read or write is checked here: nothing checks it there. */
final class MachineTiles implements Tiles {
  private final TileCode code;

  MachineTiles(TileCode code) {
    this.code = code;
  }

  @Override
  public TileKind kind() {
    return code.kind();
  }

  @Override
  public void multiply(
      MemorySegment a,
      long aAt,
      long aStride,
      MemorySegment b,
      long bAt,
      int units,
      MemorySegment c,
      long cAt,
      long cStride,
      int rows,
      int columns,
      boolean adds) {
    Objects.checkIndex(units - 1, Integer.MAX_VALUE);
    Objects.checkIndex(columns - 1, COLUMNS);
    Objects.checkIndex(rows - 1, Integer.MAX_VALUE);
    long aBytes = (rows - 1) * aStride + (long) units * kind().rowUnit();
    long cBytes = (rows - 1) * cStride + (long) columns * Float.BYTES;
    Objects.checkFromIndexSize(aAt, aBytes, a.byteSize());
    Objects.checkFromIndexSize(bAt, (long) units * kind().panelUnit(), b.byteSize());
    Objects.checkFromIndexSize(cAt, cBytes, c.byteSize());
    long from = a.address() + aAt;
    long panel = b.address() + bAt;
    long to = c.address() + cAt;
    long mask = (1L << columns) - 1;
    int most = code.rows();
    int blocks = rows / most;
    if (blocks > 0) {
      code.run(most, from, aStride, panel, units, to, cStride, blocks, mask, adds);
    }
    int done = blocks * most;
    if (done < rows) {
      code.run(
          rows - done,
          from + done * aStride,
          aStride,
          panel,
          units,
          to + done * cStride,
          cStride,
          1,
          mask,
          adds);
    }
  }
}
