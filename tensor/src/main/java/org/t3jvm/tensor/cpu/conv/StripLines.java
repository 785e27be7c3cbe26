package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.kernel.Frame;

/**
 * The strips of a convolution's grid, which are its tasks, and the lines of x that one sees, packed
 * with their padding. The lines go round in the worker's cache: from row to row only those are
 * packed that the kernel has not seen.
 *
 * @param fields what is seen
 * @param pixel floats of a position: its channels, and zeros beyond them
 * @param columns positions of the grid along a strip
 */
record StripLines(ConvFields fields, int pixel, int columns) {
  /** Floats that a strip's lines may take, a quarter of a second-level cache. */
  private static final int LINES_FLOATS = 1 << 16;

  /** Rows of a strip. */
  private static final int ROWS = 32;

  /**
   * Strips as wide as the cache allows.
   *
   * @param positions of a tile, of which a strip is a multiple
   * @param narrowest positions of a strip, whatever they take
   */
  static StripLines of(ConvFields fields, int pixel, int positions, int narrowest) {
    int lines = fields.kernelT() * fields.kernelH();
    int fitting = LINES_FLOATS / lines / Math.max(1, pixel) / fields.geometry().strideW();
    int wide = Math.max(narrowest, fitting / positions * positions);
    int across = Math.ceilDiv(fields.gridW(), wide);
    return new StripLines(
        fields, pixel, Math.ceilDiv(fields.gridW(), across * positions) * positions);
  }

  private int across() {
    return Math.ceilDiv(fields.gridW(), columns);
  }

  private int down() {
    return Math.ceilDiv(fields.gridH(), ROWS);
  }

  /** Strips of the whole grid. */
  int strips() {
    return Math.multiplyExact(fields.gridT(), Math.multiplyExact(across(), down()));
  }

  /** The frame of a strip. */
  int frame(int strip) {
    return strip / across() / down();
  }

  int firstRow(int strip) {
    return strip / across() % down() * ROWS;
  }

  int endRow(int strip) {
    return Math.min(firstRow(strip) + ROWS, fields.gridH());
  }

  int firstColumn(int strip) {
    return strip % across() * columns;
  }

  /** Columns of a strip, which are fewer at the grid's end. */
  int columns(int strip) {
    return Math.min(columns, fields.gridW() - firstColumn(strip));
  }

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
    spread(segment, first, to - from, channels, pixel, x, at + from * pixel);
    Arrays.fill(x, at + to * pixel, at + pixels * pixel, 0);
  }

  /** Copies positions of {@code from} floats each as {@code to} floats each, zeros beyond. */
  static void spread(
      MemorySegment source, long start, int positions, int from, int to, float[] x, int at) {
    if (from == to) {
      FloatCopies.load(source, start, positions * from, x, at);
      return;
    }
    for (int i = 0; i < positions; i++) {
      FloatCopies.load(source, start + (long) i * from, from, x, at + i * to);
      Arrays.fill(x, at + i * to + from, at + (i + 1) * to, 0);
    }
  }
}
