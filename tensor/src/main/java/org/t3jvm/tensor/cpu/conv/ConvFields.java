package org.t3jvm.tensor.cpu.conv;

import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Which part of channels-last x [T, H, W, C] each position of a grid sees: kernelT x kernelH x
 * kernelW positions of x, of which those outside of x are zero.
 *
 * @param x the input
 * @param geometry strides, and the padding before; the grid's extents imply the one after
 * @param scale the grid's positions make every so manieth row and column of the result
 * @param resultH rows of the result
 * @param row of the result that the grid's first row makes
 * @param column likewise
 */
record ConvFields(
    Value x,
    ConvGeometry geometry,
    int kernelT,
    int kernelH,
    int kernelW,
    int gridT,
    int gridH,
    int gridW,
    int scale,
    int resultH,
    int row,
    int column) {

  /** What a convolution with result {@code out} sees of its operand. */
  static ConvFields of(Op.Conv3d op, Value out) {
    return new ConvFields(
        op.x(),
        op.geometry(),
        op.weight().shape().intDim(2),
        op.weight().shape().intDim(3),
        op.weight().shape().intDim(4),
        out.shape().intDim(0),
        out.shape().intDim(1),
        out.shape().intDim(2),
        1,
        out.shape().intDim(1),
        0,
        0);
  }

  /** What the convolution sees whose weight's gradient is wanted. */
  static ConvFields of(GradientOp.Conv3dWeightGrad op) {
    return new ConvFields(
        op.x(),
        op.geometry(),
        op.weight().intDim(2),
        op.weight().intDim(3),
        op.weight().intDim(4),
        op.dy().shape().intDim(0),
        op.dy().shape().intDim(1),
        op.dy().shape().intDim(2),
        1,
        op.dy().shape().intDim(1),
        0,
        0);
  }

  /**
   * What a convolution of kernel kt x 3 x 3 whose operand is upsampled by two sees of that one's
   * operand: results whose middle lies in every other upsampled row and column, of parity 0 or 1,
   * see kt x 2 x 2 positions.
   */
  static ConvFields upsampled(
      MovementOp.Upsample upsample, Op.Conv3d op, Value out, int row, int column) {
    ConvGeometry g = op.geometry();
    int height = out.shape().intDim(1);
    // Without a padded row above, the first result's middle is the second upsampled row.
    int firstMiddle = 1 - g.padHBefore();
    int firstRow = (row + firstMiddle) % 2;
    int padHBefore = firstRow + firstMiddle == 0 ? 1 : 0;
    ConvGeometry every =
        new ConvGeometry(
            g.strideT(), 1, 1, g.padTBefore(), g.padTAfter(), padHBefore, 1, 1 - column, column);
    return new ConvFields(
        upsample.x(),
        every,
        op.weight().shape().intDim(2),
        2,
        2,
        out.shape().intDim(0),
        Math.ceilDiv(Math.max(0, height - firstRow), 2),
        upsample.x().shape().intDim(2),
        2,
        height,
        firstRow,
        column);
  }

  int frames() {
    return x.shape().intDim(0);
  }

  int height() {
    return x.shape().intDim(1);
  }

  int width() {
    return x.shape().intDim(2);
  }

  int channels() {
    return x.shape().intDim(3);
  }

  /** Positions that a field consists of. */
  int taps() {
    return kernelT * kernelH * kernelW;
  }

  /** Elements of a field. */
  int depth() {
    return Math.multiplyExact(taps(), channels());
  }

  /** Position of the result, all axes flattened, that the field of (t, h, w) makes. */
  long resultRow(long t, long h, long w) {
    return (t * resultH + h * scale + row) * gridW * scale + w * scale + column;
  }

  /**
   * Where what row (t, h) of the grid sees by a line of the kernel starts, or -1 if it lies
   * outside.
   */
  long line(int t, int h, int tapLine) {
    return line(
        t * geometry.strideT() - geometry.padTBefore() + tapLine / kernelH,
        h * geometry.strideH() - geometry.padHBefore() + tapLine % kernelH);
  }

  /**
   * Where row (t, h) of x starts, in elements, or -1 if it lies outside; both may be out of range.
   */
  long line(int t, int h) {
    boolean inside = t >= 0 && t < frames() && h >= 0 && h < height();
    return inside ? ((long) t * height() + h) * width() * channels() : -1;
  }
}
