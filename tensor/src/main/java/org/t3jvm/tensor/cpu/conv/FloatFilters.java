package org.t3jvm.tensor.cpu.conv;

import org.t3jvm.tensor.cpu.gemm.PackedPanels;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.Frame;

/** Packed filters as columns of a product that the micro-kernel makes. */
record FloatFilters(ConvFilters filters, PackedPanels packed) implements PackFilters.Panels {
  @Override
  public int width() {
    return Tile.COLUMNS;
  }

  @Override
  public void store(float[] x, int at, Frame frame, int slot, int tap, int channel, int count) {
    packed.store(x, at, frame, slot, filters.place(tap, channel), count);
  }
}
