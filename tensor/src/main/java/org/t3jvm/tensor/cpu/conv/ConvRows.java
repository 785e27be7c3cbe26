package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.RowSource;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.graph.ConvGeometry;

/** Each position's field as a row of its own, in the order kt, kh, kw, C; for few channels. */
final class ConvRows implements RowSource {
  private final ConvFields fields;
  private final ConvGeometry geometry;
  private final int width;
  private final int channels;
  private final int kernelH;
  private final int line;
  private final int depth;
  private final int gridH;
  private final int gridW;

  ConvRows(ConvFields fields) {
    this.fields = fields;
    this.geometry = fields.geometry();
    this.width = fields.width();
    this.channels = fields.channels();
    this.kernelH = fields.kernelH();
    this.line = fields.kernelW() * channels;
    this.depth = fields.depth();
    this.gridH = fields.gridH();
    this.gridW = fields.gridW();
  }

  @Override
  public long rows() {
    return (long) fields.gridT() * gridH * gridW;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public long resultRow(long row) {
    return fields.resultRow(row / gridW / gridH, row / gridW % gridH, row % gridW);
  }

  @Override
  public int pack(
      Frame frame, long firstRow, int count, int from, int elements, float[] target, int at) {
    MemorySegment segment = frame.segment(fields.x());
    int column = (int) (firstRow % gridW);
    int row = (int) (firstRow / gridW % gridH);
    int t = (int) (firstRow / gridW / gridH);
    for (int i = 0; i < count; i++) {
      packRow(segment, t, row, column, from, elements, target, at + i * Tile.DEPTH);
      if (++column == gridW) {
        column = 0;
        if (++row == gridH) {
          row = 0;
          t++;
        }
      }
    }
    return at;
  }

  /** Elements {@code [from, from + count)} of the field of a position. */
  private void packRow(
      MemorySegment segment,
      int t,
      int row,
      int column,
      int from,
      int count,
      float[] target,
      int at) {
    int firstT = t * geometry.strideT() - geometry.padTBefore();
    int firstH = row * geometry.strideH() - geometry.padHBefore();
    int firstW = column * geometry.strideW() - geometry.padWBefore();
    int tapLine = from / line;
    int inLine = from % line;
    int done = 0;
    while (done < count) {
      int run = Math.min(line - inLine, count - done);
      long start = fields.line(firstT + tapLine / kernelH, firstH + tapLine % kernelH);
      packLine(segment, start, (long) firstW * channels + inLine, run, target, at + done);
      done += run;
      inLine = 0;
      tapLine++;
    }
  }

  /** Elements of one row of x from {@code from} on, which may lie before or beyond it. */
  private void packLine(
      MemorySegment segment, long line, long from, int count, float[] target, int at) {
    if (line < 0) {
      Arrays.fill(target, at, at + count, 0);
      return;
    }
    int before = Math.clamp(-from, 0, count);
    int inside = Math.clamp((long) width * channels - from - before, 0, count - before);
    Arrays.fill(target, at, at + before, 0);
    FloatCopies.load(segment, line + from + before, inside, target, at + before);
    Arrays.fill(target, at + before + inside, at + count, 0);
  }
}
