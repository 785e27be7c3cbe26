package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.cpu.HalfFloats;

/**
 * Packed panels in a temporary memory, panel after panel, each [depth, {@link Tile#COLUMNS}]. BF16
 * columns stay BF16, since half the bytes go through the caches; others are F32.
 */
record PackedPanels(PanelPacker packer) {
  private boolean isNarrow() {
    return packer.source().dtype() == DType.BF16;
  }

  /** Bytes of one panel. */
  long panelBytes() {
    return (long) depth() * Tile.COLUMNS * (isNarrow() ? Short.BYTES : Float.BYTES);
  }

  private int depth() {
    return packer.source().depth();
  }

  /** Floats of scratch that {@link #pack} needs. */
  static int scratchFloats() {
    return PanelPacker.BUFFER + Tile.DEPTH * Tile.COLUMNS;
  }

  /**
   * Packs a panel of the source.
   *
   * @param slot which of the memory's panels it becomes
   */
  void pack(Frame frame, int panel, int slot, float[] scratch) {
    MemorySegment memory = frame.temporary();
    int chunk = PanelPacker.BUFFER;
    for (int from = 0; from < depth(); from += Tile.DEPTH) {
      int steps = Math.min(Tile.DEPTH, depth() - from);
      packer.pack(frame, panel, from, steps, scratch, chunk, 0);
      long at = at(slot, from);
      int count = steps * Tile.COLUMNS;
      if (isNarrow()) {
        HalfFloats.narrowBFloat16(scratch, chunk, memory, at, count);
      } else {
        MemorySegment.copy(scratch, chunk, memory, ValueLayout.JAVA_FLOAT, at << 2, count);
      }
    }
  }

  /** Loads steps {@code [from, from + steps)} of the panel in a slot, widened, to {@code x}. */
  void load(Frame frame, int slot, int from, int steps, float[] x) {
    MemorySegment memory = frame.temporary();
    long at = at(slot, from);
    int count = steps * Tile.COLUMNS;
    if (isNarrow()) {
      HalfFloats.widenBFloat16(memory, at, x, count);
    } else {
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at << 2, x, 0, count);
    }
  }

  private long at(int slot, int from) {
    return ((long) slot * depth() + from) * Tile.COLUMNS;
  }
}
