package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.Panels;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.Frame;

/**
 * What every position of a convolution's result sees of x, as columns: one for each tap and
 * channel, channels innermost, its elements the positions.
 */
record FieldPanels(ConvFields fields) implements Panels {
  @Override
  public int columns() {
    return fields.depth();
  }

  @Override
  public int depth() {
    return Math.toIntExact((long) fields.gridT() * fields.gridH() * fields.gridW());
  }

  @Override
  public void pack(Frame frame, int panel, int from, int count, float[] x, int at, int buffer) {
    MemorySegment segment = frame.segment(fields.x());
    int channels = fields.channels();
    int first = panel * Tile.COLUMNS;
    int end = Math.min(columns(), first + Tile.COLUMNS);
    for (int column = first; column < end; ) {
      int tap = column / channels;
      int channel = column % channels;
      int width = Math.min(channels - channel, end - column);
      packTap(segment, tap, channel, width, from, count, x, at + column - first);
      column += width;
    }
    for (int i = 0; end - first < Tile.COLUMNS && i < count; i++) {
      int row = at + i * Tile.COLUMNS;
      Arrays.fill(x, row + end - first, row + Tile.COLUMNS, 0);
    }
  }

  /** Some channels of one tap, for consecutive positions. */
  private void packTap(
      MemorySegment segment,
      int tap,
      int channel,
      int width,
      int from,
      int count,
      float[] x,
      int at) {
    int shiftW = tap % fields.kernelW() - fields.geometry().padWBefore();
    int shiftH = tap / fields.kernelW() % fields.kernelH() - fields.geometry().padHBefore();
    int shiftT = tap / fields.kernelW() / fields.kernelH() - fields.geometry().padTBefore();
    int done = 0;
    while (done < count) {
      int position = from + done;
      int w = position % fields.gridW();
      int h = position / fields.gridW() % fields.gridH();
      int t = position / fields.gridW() / fields.gridH();
      int run = Math.min(fields.gridW() - w, count - done);
      long line =
          fields.line(
              t * fields.geometry().strideT() + shiftT, h * fields.geometry().strideH() + shiftH);
      for (int i = 0; i < run; i++) {
        int seen = (w + i) * fields.geometry().strideW() + shiftW;
        int to = at + (done + i) * Tile.COLUMNS;
        if (line < 0 || seen < 0 || seen >= fields.width()) {
          Arrays.fill(x, to, to + width, 0);
        } else {
          long start = line + (long) seen * fields.channels() + channel;
          FloatCopies.load(segment, start, width, x, to);
        }
      }
      done += run;
    }
  }
}
