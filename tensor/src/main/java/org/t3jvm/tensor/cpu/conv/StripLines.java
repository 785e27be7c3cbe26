package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.kernel.Frame;

/**
 * The lines of x that a strip of a convolution's grid sees, packed with their padding. They go
 * round in the worker's cache: from row to row only those are packed that the kernel has not seen.
 *
 * @param fields what is seen
 * @param pixel floats of a position: its channels, and zeros beyond them
 * @param columns positions of the grid along a strip
 */
record StripLines(ConvFields fields, int pixel, int columns) {
  /** Positions of x along one packed line. */
  private int pixels() {
    return (columns - 1) * fields.geometry().strideW() + fields.kernelW();
  }

  /** Floats of a packed line. */
  int floats() {
    return Math.multiplyExact(pixels(), pixel);
  }

  /** Lines that a position sees. */
  int count() {
    return fields.kernelT() * fields.kernelH();
  }

  /** Floats between neighbouring positions of the grid. */
  int step() {
    return fields.geometry().strideW() * pixel;
  }

  /** Floats of the part of a line that a position sees. */
  int seen() {
    return fields.kernelW() * pixel;
  }

  /**
   * Where the kernel's line {@code i} lies in the packed lines, if its uppermost one is line {@code
   * top} of x with padding.
   */
  int place(int i, int top) {
    int kernelH = fields.kernelH();
    return (i - i % kernelH + (top + i) % kernelH) * floats();
  }

  /**
   * Packs what row {@code row} of frame t sees from line {@code packed} on, as lines from {@code
   * at} on; gives the line after the last.
   */
  int pack(Frame frame, int t, int row, int packed, int firstColumn, float[] x, int at) {
    int top = row * fields.geometry().strideH();
    int line = Math.max(packed, top);
    for (; line < top + fields.kernelH(); line++) {
      packLines(frame, t, line, firstColumn, x, at);
    }
    return line;
  }

  /** Packs one line of each frame that the kernel sees. */
  private void packLines(Frame frame, int t, int line, int firstColumn, float[] x, int at) {
    MemorySegment segment = frame.segment(fields.x());
    int h = line - fields.geometry().padHBefore();
    int firstW = firstColumn * fields.geometry().strideW() - fields.geometry().padWBefore();
    int firstT = t * fields.geometry().strideT() - fields.geometry().padTBefore();
    for (int dt = 0; dt < fields.kernelT(); dt++) {
      long start = fields.line(firstT + dt, h);
      packLine(segment, start, firstW, x, at + place(dt * fields.kernelH(), line));
    }
  }

  /** Packs the line of x that starts at {@code start}, or zeros if that is -1. */
  private void packLine(MemorySegment segment, long start, int firstW, float[] x, int at) {
    int channels = fields.channels();
    int pixels = pixels();
    int from = start < 0 ? pixels : Math.clamp(-firstW, 0, pixels);
    int to = start < 0 ? pixels : Math.clamp(fields.width() - firstW, from, pixels);
    long first = start + (long) (firstW + from) * channels;
    Arrays.fill(x, at, at + from * pixel, 0);
    if (channels == pixel) {
      FloatCopies.load(segment, first, (to - from) * channels, x, at + from * pixel);
    } else {
      for (int i = from; i < to; i++) {
        int filled = at + i * pixel + channels;
        long pixelStart = first + (long) (i - from) * channels;
        FloatCopies.load(segment, pixelStart, channels, x, at + i * pixel);
        Arrays.fill(x, filled, at + (i + 1) * pixel, 0);
      }
    }
    Arrays.fill(x, at + to * pixel, at + pixels * pixel, 0);
  }
}
