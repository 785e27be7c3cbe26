package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * A product of few rows, as dot products along the inner size: each column is read once and packed
 * nowhere, since packing would cost more than the product. A task makes {@link #COLUMNS} columns of
 * all rows.
 */
final class DotProduct implements CpuKernel {
  /** Rows up to which dot products are used: from about here on, packing pays. */
  static final int MAX_ROWS = 32;

  private static final int COLUMNS = 32;
  private static final int GROUP = 4;

  private final Product product;
  private final WeightColumns weights;
  private final int rows;
  private final int paddedRows;
  private final int depth;
  private final int stride;
  private final int columns;

  DotProduct(Product product, WeightColumns weights) {
    this.product = product;
    this.weights = weights;
    this.rows = Math.toIntExact(product.rows().rows());
    this.paddedRows = Math.ceilDiv(rows, GROUP) * GROUP;
    this.depth = product.rows().depth();
    this.stride = Math.ceilDiv(depth, Lanes.COUNT) * Lanes.COUNT;
    this.columns = product.columns();
  }

  @Override
  public int tasks() {
    return Math.ceilDiv(columns, COLUMNS);
  }

  @Override
  public int scratchFloats() {
    return Math.toIntExact(
        (long) (paddedRows + GROUP) * stride
            + (long) paddedRows * GROUP
            + Math.max(2 * GROUP * Lanes.COUNT, Tile.DEPTH));
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    int columnsAt = paddedRows * stride;
    int sums = columnsAt + GROUP * stride;
    int lanes = sums + paddedRows * GROUP;
    packRows(frame, scratch, lanes);
    int end = Math.min((task + 1) * COLUMNS, columns);
    for (int column = task * COLUMNS; column < end; column += GROUP) {
      int count = Math.min(GROUP, end - column);
      for (int c = 0; c < GROUP; c++) {
        int at = columnsAt + c * stride;
        if (c < count) {
          weights.read(frame, column + c, 0, depth, scratch, at);
          Arrays.fill(scratch, at + depth, at + stride, 0);
        } else {
          Arrays.fill(scratch, at, at + stride, 0);
        }
      }
      for (int row = 0; row < paddedRows; row += GROUP) {
        for (int c = 0; c < GROUP; c += 2) {
          int sum = sums + c * paddedRows + row;
          dot4x2(scratch, row * stride, stride, columnsAt + c * stride, lanes);
          sumLanes(scratch, lanes, sum);
          sumLanes(scratch, lanes + GROUP * Lanes.COUNT, sum + paddedRows);
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

  /** Dot products of four rows with two columns; leaves the lanes of each, columns apart. */
  private static void dot4x2(float[] s, int a, int stride, int w, int lanes) {
    FloatVector s0x = FloatVector.zero(Lanes.F);
    FloatVector s1x = FloatVector.zero(Lanes.F);
    FloatVector s2x = FloatVector.zero(Lanes.F);
    FloatVector s3x = FloatVector.zero(Lanes.F);
    FloatVector s0y = FloatVector.zero(Lanes.F);
    FloatVector s1y = FloatVector.zero(Lanes.F);
    FloatVector s2y = FloatVector.zero(Lanes.F);
    FloatVector s3y = FloatVector.zero(Lanes.F);
    for (int k = 0; k < stride; k += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.F, s, w + k);
      FloatVector y = FloatVector.fromArray(Lanes.F, s, w + stride + k);
      FloatVector a0 = FloatVector.fromArray(Lanes.F, s, a + k);
      s0x = a0.fma(x, s0x);
      s0y = a0.fma(y, s0y);
      FloatVector a1 = FloatVector.fromArray(Lanes.F, s, a + stride + k);
      s1x = a1.fma(x, s1x);
      s1y = a1.fma(y, s1y);
      FloatVector a2 = FloatVector.fromArray(Lanes.F, s, a + 2 * stride + k);
      s2x = a2.fma(x, s2x);
      s2y = a2.fma(y, s2y);
      FloatVector a3 = FloatVector.fromArray(Lanes.F, s, a + 3 * stride + k);
      s3x = a3.fma(x, s3x);
      s3y = a3.fma(y, s3y);
    }
    s0x.intoArray(s, lanes);
    s1x.intoArray(s, lanes + Lanes.COUNT);
    s2x.intoArray(s, lanes + 2 * Lanes.COUNT);
    s3x.intoArray(s, lanes + 3 * Lanes.COUNT);
    s0y.intoArray(s, lanes + 4 * Lanes.COUNT);
    s1y.intoArray(s, lanes + 5 * Lanes.COUNT);
    s2y.intoArray(s, lanes + 6 * Lanes.COUNT);
    s3y.intoArray(s, lanes + 7 * Lanes.COUNT);
  }

  /** Sums the lanes of four dot products, in a fixed order. */
  private static void sumLanes(float[] s, int lanes, int sums) {
    for (int row = 0; row < GROUP; row++) {
      s[sums + row] = Lanes.sum(s, lanes + row * Lanes.COUNT);
    }
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
