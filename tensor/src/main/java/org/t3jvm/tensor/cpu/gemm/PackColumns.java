package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.cpu.Kernel;

/** Packs some of a product's panels into the temporary memory. A task packs one panel. */
record PackColumns(PackedPanels packed, int firstPanel, int panels) implements Kernel {
  @Override
  public int tasks() {
    return panels;
  }

  @Override
  public int scratchFloats() {
    return PackedPanels.scratchFloats();
  }

  @Override
  public void run(int task, Frame frame, float[] scratch) {
    packed.pack(frame, firstPanel + task, task, scratch);
  }
}
