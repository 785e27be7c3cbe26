package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.cpu.Kernel;
import org.t3jvm.tensor.cpu.Lanes;

/**
 * A product of few rows, as dot products along the inner size: each column is read once and packed
 * nowhere, since packing would cost more than the product. A task makes {@link #COLUMNS} columns of
 * all rows.
 */
final class DotProduct implements Kernel {
  /** Rows up to which dot products are used. */
  static final int MAX_ROWS = 64;

  private static final int COLUMNS = 32;
  private static final int GROUP = 4;

  private final Product product;
  private final int rows;
  private final int paddedRows;
  private final int depth;
  private final int stride;
  private final int columns;

  DotProduct(Product product) {
    this.product = product;
    this.rows = Math.toIntExact(product.rows().rows());
    this.paddedRows = Math.ceilDiv(rows, GROUP) * GROUP;
    this.depth = product.rows().depth();
    this.stride = Math.ceilDiv(depth, Lanes.COUNT) * Lanes.COUNT;
    this.columns = product.columns().columns();
  }

  @Override
  public int tasks() {
    return Math.ceilDiv(columns, COLUMNS);
  }

  @Override
  public int scratchFloats() {
    return Math.toIntExact(
        (long) (paddedRows + GROUP) * stride
            + paddedRows * GROUP
            + Math.max(Lanes.COUNT, Tile.DEPTH));
  }

  @Override
  public void run(int task, Frame frame, float[] scratch) {
    int weights = paddedRows * stride;
    int sums = weights + GROUP * stride;
    int lanes = sums + paddedRows * GROUP;
    packRows(frame, scratch, lanes);
    int end = Math.min((task + 1) * COLUMNS, columns);
    for (int column = task * COLUMNS; column < end; column += GROUP) {
      int count = Math.min(GROUP, end - column);
      for (int c = 0; c < GROUP; c++) {
        int at = weights + c * stride;
        if (c < count) {
          product.columns().read(frame, column + c, 0, depth, scratch, at);
          Arrays.fill(scratch, at + depth, at + stride, 0);
        } else {
          Arrays.fill(scratch, at, at + stride, 0);
        }
      }
      for (int row = 0; row < paddedRows; row += GROUP) {
        for (int c = 0; c < GROUP; c++) {
          dot4(
              scratch,
              row * stride,
              stride,
              weights + c * stride,
              lanes,
              sums + c * paddedRows + row);
        }
      }
      write(frame, column, count, scratch, sums);
    }
  }

  private void packRows(Frame frame, float[] scratch, int buffer) {
    for (int row = 0; row < paddedRows; row++) {
      int at = row * stride;
      if (row >= rows) {
        Arrays.fill(scratch, at, at + stride, 0);
        continue;
      }
      for (int from = 0; from < depth; from += Tile.DEPTH) {
        int count = Math.min(Tile.DEPTH, depth - from);
        product.rows().pack(frame, row, 1, from, count, scratch, buffer);
        System.arraycopy(scratch, buffer, scratch, at + from, count);
      }
      Arrays.fill(scratch, at + depth, at + stride, 0);
    }
  }

  /** Dot products of four rows with one column; sums of the lanes in a fixed order. */
  private static void dot4(float[] s, int a, int stride, int w, int lanes, int sums) {
    FloatVector s0 = FloatVector.zero(Lanes.F);
    FloatVector s1 = FloatVector.zero(Lanes.F);
    FloatVector s2 = FloatVector.zero(Lanes.F);
    FloatVector s3 = FloatVector.zero(Lanes.F);
    for (int k = 0; k < stride; k += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.F, s, w + k);
      s0 = x.fma(FloatVector.fromArray(Lanes.F, s, a + k), s0);
      s1 = x.fma(FloatVector.fromArray(Lanes.F, s, a + stride + k), s1);
      s2 = x.fma(FloatVector.fromArray(Lanes.F, s, a + 2 * stride + k), s2);
      s3 = x.fma(FloatVector.fromArray(Lanes.F, s, a + 3 * stride + k), s3);
    }
    s[sums] = sum(s0, s, lanes);
    s[sums + 1] = sum(s1, s, lanes);
    s[sums + 2] = sum(s2, s, lanes);
    s[sums + 3] = sum(s3, s, lanes);
  }

  private static float sum(FloatVector vector, float[] s, int lanes) {
    vector.intoArray(s, lanes);
    for (int width = Lanes.COUNT / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        s[lanes + i] += s[lanes + i + width];
      }
    }
    return s[lanes];
  }

  private void write(Frame frame, int column, int count, float[] scratch, int sums) {
    MemorySegment out = frame.segment(product.out());
    @Nullable MemorySegment bias = product.bias() == null ? null : frame.segment(product.bias());
    for (int c = 0; c < count; c++) {
      float shift = bias == null ? 0 : Lanes.get(bias, column + c);
      for (int row = 0; row < rows; row++) {
        float sum = scratch[sums + c * paddedRows + row] + shift;
        Lanes.set(out, (long) row * columns + column + c, sum);
      }
    }
  }
}
