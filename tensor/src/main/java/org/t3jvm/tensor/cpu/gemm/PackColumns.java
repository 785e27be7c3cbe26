package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.cpu.Kernel;

/**
 * Packs some of a product's panels into the temporary memory, one after the other, each [depth,
 * {@link Tile#COLUMNS}]. A task packs one panel.
 */
record PackColumns(PanelPacker packer, int firstPanel, int panels) implements Kernel {
  @Override
  public int tasks() {
    return panels;
  }

  @Override
  public int scratchFloats() {
    return PanelPacker.BUFFER + Tile.DEPTH * Tile.COLUMNS;
  }

  @Override
  public void run(int task, Frame frame, float[] scratch) {
    int depth = packer.source().depth();
    MemorySegment temporary = frame.temporary();
    int chunk = PanelPacker.BUFFER;
    for (int from = 0; from < depth; from += Tile.DEPTH) {
      int count = Math.min(Tile.DEPTH, depth - from);
      packer.pack(frame, firstPanel + task, from, count, scratch, chunk, 0);
      long at = ((long) task * depth + from) * Tile.COLUMNS;
      MemorySegment.copy(
          scratch, chunk, temporary, ValueLayout.JAVA_FLOAT, at << 2, count * Tile.COLUMNS);
    }
  }
}
