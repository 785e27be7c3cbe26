package org.t3jvm.tensor.cpu.gemm;

import org.t3jvm.tensor.cpu.kernel.Frame;

/** The right side of a product, as panels that the micro-kernel wants. */
public interface Panels {
  /** Floats of scratch that {@link #pack} needs beside the panel. */
  int BUFFER = PanelPacker.BUFFER;

  /** Number of columns. */
  int columns();

  /** Elements of a column. */
  int depth();

  /**
   * Packs elements {@code [from, from + count)} of one panel's columns as [count, {@link
   * Tile#COLUMNS}], zeros beyond the last column; {@code count} is at most {@link Tile#DEPTH}.
   *
   * @param x holds the panel from {@code at} and {@link #BUFFER} floats from {@code buffer} on
   */
  void pack(Frame frame, int panel, int from, int count, float[] x, int at, int buffer);
}
