package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.vector.HalfFloats;

/**
 * Packed panels in a temporary memory, panel after panel, each [depth, {@link Tile#COLUMNS}].
 *
 * @param depth steps of a panel
 * @param narrow whether they are BF16, for columns that are: half the bytes go through the caches;
 *     otherwise they are F32
 */
public record PackedPanels(int depth, boolean narrow) {
  /** Bytes of one panel. */
  public long panelBytes() {
    return (long) depth * Tile.COLUMNS * (narrow ? Short.BYTES : Float.BYTES);
  }

  /** Stores steps {@code [from, from + steps)} of the panel in a slot, from {@code x}. */
  public void store(float[] x, int at, Frame frame, int slot, int from, int steps) {
    MemorySegment memory = frame.temporary();
    long to = at(slot, from);
    int count = steps * Tile.COLUMNS;
    if (narrow) {
      HalfFloats.narrowBFloat16(x, at, memory, to, count);
    } else {
      MemorySegment.copy(x, at, memory, ValueLayout.JAVA_FLOAT, to << 2, count);
    }
  }

  /** Loads steps {@code [from, from + steps)} of the panel in a slot, widened, to {@code x}. */
  public void load(Frame frame, int slot, int from, int steps, float[] x, int to) {
    MemorySegment memory = frame.temporary();
    long at = at(slot, from);
    int count = steps * Tile.COLUMNS;
    if (narrow) {
      HalfFloats.widenBFloat16(memory, at, x, to, count);
    } else {
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at << 2, x, to, count);
    }
  }

  private long at(int slot, int from) {
    return ((long) slot * depth + from) * Tile.COLUMNS;
  }
}
