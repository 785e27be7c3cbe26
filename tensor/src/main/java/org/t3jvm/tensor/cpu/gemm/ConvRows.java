package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * The receptive fields of a convolution over channels-last x [T, H, W, C]: row (t, h, w) holds the
 * kt*kh*kw*C elements that output position sees, zeros where they are padding.
 */
final class ConvRows implements RowSource {
  private final Value x;
  private final ConvGeometry geometry;
  private final int frames;
  private final int height;
  private final int width;
  private final int channels;
  private final int kernelH;
  private final int kernelW;
  private final int depth;
  private final long outHeight;
  private final long outWidth;
  private final long rows;

  ConvRows(Op.Conv3d op, Value out) {
    Shape xs = op.x().shape();
    Shape ws = op.weight().shape();
    this.x = op.x();
    this.geometry = op.geometry();
    this.frames = xs.intDim(0);
    this.height = xs.intDim(1);
    this.width = xs.intDim(2);
    this.channels = xs.intDim(3);
    this.kernelH = ws.intDim(3);
    this.kernelW = ws.intDim(4);
    this.depth = Math.toIntExact(ws.inner(0));
    this.outHeight = out.shape().dim(1);
    this.outWidth = out.shape().dim(2);
    this.rows = out.shape().outer(3);
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public void pack(
      Frame frame, long firstRow, int count, int from, int elements, float[] target, int at) {
    MemorySegment segment = frame.segment(x);
    for (int i = 0; i < count; i++) {
      long row = firstRow + i;
      int w = (int) (row % outWidth) * geometry.strideW() - geometry.padWBefore();
      int h = (int) (row / outWidth % outHeight) * geometry.strideH() - geometry.padHBefore();
      int t = (int) (row / outWidth / outHeight) * geometry.strideT() - geometry.padTBefore();
      packRow(segment, t, h, w, from, elements, target, at + i * Tile.DEPTH);
    }
  }

  /** Elements {@code [from, from + count)} of the field whose first corner is (t, h, w). */
  private void packRow(
      MemorySegment segment, int t, int h, int w, int from, int count, float[] target, int at) {
    int line = kernelW * channels;
    int done = 0;
    while (done < count) {
      int k = from + done;
      int inLine = k % line;
      int run = Math.min(line - inLine, count - done);
      int dh = k / line % kernelH;
      int dt = k / line / kernelH;
      packLine(segment, t + dt, h + dh, w, inLine, run, target, at + done);
      done += run;
    }
  }

  /** Elements of one line of the field: x's row (t, h) from column w on, channel after channel. */
  private void packLine(
      MemorySegment segment, int t, int h, int w, int from, int count, float[] target, int at) {
    if (t < 0 || t >= frames || h < 0 || h >= height) {
      Arrays.fill(target, at, at + count, 0);
      return;
    }
    long start = (long) w * channels + from;
    long rowElements = (long) width * channels;
    int before = Math.clamp(-start, 0, count);
    int inside = Math.clamp(rowElements - start - before, 0, count - before);
    if (before > 0) {
      Arrays.fill(target, at, at + before, 0);
    }
    long row = ((long) t * height + h) * rowElements;
    FloatCopies.load(segment, row + start + before, inside, target, at + before);
    if (before + inside < count) {
      Arrays.fill(target, at + before + inside, at + count, 0);
    }
  }
}
