package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.RowSource;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.graph.ConvGeometry;

/**
 * Fields of many channels, which neighbours share: each packed row is a part of one position's
 * channels, and the field of row i takes its kernelW positions from packed rows i, i + 1 and so on.
 * So a line of the kernel is packed once, not kernelW times.
 *
 * <p>Rows go through grid lines that are longer than the grid's by kernelW - 1; a row that starts
 * there makes no result. The depth goes in the order of {@link ConvFilters}.
 */
final class ConvPixels implements RowSource {
  /** Channels from which on a part of a position's channels keeps the micro-kernel busy. */
  private static final int FEWEST_CHANNELS = 64;

  private final ConvFields fields;
  private final ConvGeometry geometry;
  private final ChannelParts parts;
  private final int gridH;
  private final int gridW;
  private final int gridLine;

  ConvPixels(ConvFields fields) {
    this.fields = fields;
    this.geometry = fields.geometry();
    this.parts = ChannelParts.of(fields.channels());
    this.gridH = fields.gridH();
    this.gridW = fields.gridW();
    this.gridLine = gridW + fields.kernelW() - 1;
  }

  /** Whether neighbours share what they see, and see enough of it. */
  static boolean suits(ConvFields fields) {
    return fields.geometry().strideW() == 1 && fields.channels() >= FEWEST_CHANNELS;
  }

  @Override
  public long rows() {
    return (long) fields.gridT() * gridH * gridLine;
  }

  @Override
  public int depth() {
    return fields.depth();
  }

  @Override
  public int extraRows() {
    return fields.kernelW() - 1;
  }

  @Override
  public int steps(int from) {
    return parts.size(part(from));
  }

  /** Which part of the channels an element of the depth belongs to. */
  private int part(int from) {
    return from % (fields.kernelW() * fields.channels()) / (fields.kernelW() * parts.size(0));
  }

  @Override
  public boolean mayDiffer(long firstRow, int count, int from) {
    int tapLine = from / (fields.kernelW() * fields.channels());
    long end = (firstRow + count - 1) / gridLine;
    for (long line = firstRow / gridLine; line <= end; line++) {
      if (fields.line((int) (line / gridH), (int) (line % gridH), tapLine) >= 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long resultRow(long row) {
    long w = row % gridLine;
    return w < gridW ? fields.resultRow(row / gridLine / gridH, row / gridLine % gridH, w) : -1;
  }

  @Override
  public int pack(
      Frame frame, long firstRow, int count, int from, int elements, float[] target, int at) {
    int line = fields.kernelW() * fields.channels();
    int part = part(from);
    int channel = parts.start(part);
    int dw = (from % line - fields.kernelW() * channel) / elements;
    if (dw == 0) {
      MemorySegment segment = frame.segment(fields.x());
      packLines(segment, firstRow, count + extraRows(), from / line, channel, elements, target, at);
    }
    return at + dw * Tile.DEPTH;
  }

  private void packLines(
      MemorySegment segment,
      long first,
      int count,
      int tapLine,
      int channel,
      int elements,
      float[] target,
      int at) {
    int w = (int) (first % gridLine);
    int h = (int) (first / gridLine % gridH);
    int t = (int) (first / gridLine / gridH);
    int done = 0;
    while (done < count) {
      int run = Math.min(gridLine - w, count - done);
      long line = fields.line(t, h, tapLine);
      int column = w - geometry.padWBefore();
      packLine(segment, line, column, run, channel, elements, target, at + done * Tile.DEPTH);
      done += run;
      w = 0;
      if (++h == gridH) {
        h = 0;
        t++;
      }
    }
  }

  /** Some channels of {@code count} positions of one row of x, from {@code column} on. */
  private void packLine(
      MemorySegment segment,
      long line,
      int column,
      int count,
      int channel,
      int elements,
      float[] target,
      int at) {
    int channels = fields.channels();
    int from = line < 0 ? count : Math.clamp(-column, 0, count);
    int to = line < 0 ? count : Math.clamp(fields.width() - column, from, count);
    for (int i = 0; i < from; i++) {
      Arrays.fill(target, at + i * Tile.DEPTH, at + i * Tile.DEPTH + elements, 0);
    }
    for (int i = from; i < to; i++) {
      long start = line + (long) (column + i) * channels + channel;
      FloatCopies.load(segment, start, elements, target, at + i * Tile.DEPTH);
    }
    for (int i = to; i < count; i++) {
      Arrays.fill(target, at + i * Tile.DEPTH, at + i * Tile.DEPTH + elements, 0);
    }
  }
}
