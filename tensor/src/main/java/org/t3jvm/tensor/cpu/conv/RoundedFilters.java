package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.rounded.Pairs;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * Packed filters of BF16 in the temporary memory: panel after panel, tap after tap, {@link
 * Tiles#COLUMNS} pairs for each pair of channels, zeros beyond the last channel and filter.
 *
 * @param filters whose channels are in one part
 * @param place of the first panel, in bytes
 */
record RoundedFilters(ConvFilters filters, long place) implements PackFilters.Panels {
  /** Pairs of a tap. */
  int tapPairs() {
    return Pairs.count(filters.channels());
  }

  int panels() {
    return Math.ceilDiv(filters.columns(), Tiles.COLUMNS);
  }

  private long panelBytes() {
    return (long) filters.sources().length * tapPairs() * Tiles.PANEL_PAIR;
  }

  /** Bytes of all panels. */
  long bytes() {
    return panels() * panelBytes();
  }

  /** Where a tap of a panel lies, in bytes. */
  long at(int panel, int tap) {
    return place + panel * panelBytes() + (long) tap * tapPairs() * Tiles.PANEL_PAIR;
  }

  @Override
  public int width() {
    return Tiles.COLUMNS;
  }

  @Override
  public void store(float[] x, int at, Frame frame, int slot, int tap, int channel, int count) {
    MemorySegment memory = frame.temporary();
    long to = at(slot, tap) + (long) channel / 2 * Tiles.PANEL_PAIR;
    for (int i = 0; i < count; i += 2) {
      int first = at + i * Tiles.COLUMNS;
      for (int column = 0; column < Tiles.COLUMNS; column += Lanes.COUNT) {
        FloatVector second =
            i + 1 < count
                ? FloatVector.fromArray(Lanes.F, x, first + Tiles.COLUMNS + column)
                : FloatVector.zero(Lanes.F);
        Pairs.of(FloatVector.fromArray(Lanes.F, x, first + column), second)
            .intoMemorySegment(memory, to + (long) column * Tiles.PAIR, ByteOrder.LITTLE_ENDIAN);
      }
      to += Tiles.PANEL_PAIR;
    }
  }
}
