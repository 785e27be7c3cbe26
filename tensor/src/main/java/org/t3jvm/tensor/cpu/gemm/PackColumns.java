package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;

/** Packs some of a linear map's panels into the temporary memory. A task packs one panel. */
record PackColumns(Panels packer, PackedPanels packed, int firstPanel, int panels)
    implements CpuKernel {
  @Override
  public int tasks() {
    return panels;
  }

  @Override
  public int scratchFloats() {
    return Panels.BUFFER + Tile.DEPTH * Tile.COLUMNS;
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    int chunk = Panels.BUFFER;
    for (int from = 0; from < packed.depth(); from += Tile.DEPTH) {
      int steps = Math.min(Tile.DEPTH, packed.depth() - from);
      packer.pack(frame, firstPanel + task, from, steps, scratch, chunk, 0);
      packed.store(scratch, chunk, frame, task, from, steps);
    }
  }
}
