package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.HalfFloats;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * A product of very few rows, as dot products along the inner size: each weight is read once, where
 * it lies, as fast as memory gives it. A task makes {@link #COLUMNS} columns of all rows.
 */
final class DotProduct implements CpuKernel {
  /** Rows up to which dot products are used: with more, weights had better stay in registers. */
  static final int MAX_ROWS = 4;

  private static final int COLUMNS = 32;
  private static final int GROUP = 4;

  private final Product product;
  private final WeightColumns weights;
  private final int rows;
  private final int depth;
  private final int stride;
  private final int columns;

  DotProduct(Product product, WeightColumns weights) {
    this.product = product;
    this.weights = weights;
    this.rows = Math.toIntExact(product.rows().rows());
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
    return Math.toIntExact((long) (rows + GROUP) * stride + (long) GROUP * Lanes.COUNT);
  }

  private int columnsStart() {
    return rows * stride;
  }

  private int lanesStart() {
    return columnsStart() + GROUP * stride;
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    for (int row = 0; row < rows; row++) {
      int at = row * stride;
      for (int from = 0; from < depth; from += Tile.DEPTH) {
        int count = Math.min(Tile.DEPTH, depth - from);
        product.rows().pack(frame, row, 1, from, count, scratch, at + from);
      }
      Arrays.fill(scratch, at + depth, at + stride, 0);
    }
    int end = Math.min((task + 1) * COLUMNS, columns);
    for (int column = task * COLUMNS; column < end; column += GROUP) {
      int count = Math.min(GROUP, end - column);
      @Nullable DType direct = count == GROUP ? direct() : null;
      if (direct == null) {
        read(frame, column, count, scratch);
      }
      for (int row = 0; row < rows; row++) {
        dot(frame, direct, row * stride, column, scratch);
        write(frame, row, column, count, scratch);
      }
    }
  }

  /** The type of weights that are multiplied where they lie, or null. */
  private @Nullable DType direct() {
    DType dtype = weights.weight().dtype();
    boolean vectors = depth % Lanes.COUNT == 0 && weights.scaled() == null;
    return vectors && (dtype == DType.F32 || dtype == DType.BF16) ? dtype : null;
  }

  /** Copies some columns, widened; those beyond them are zeros. */
  private void read(Frame frame, int column, int count, float[] x) {
    Arrays.fill(x, columnsStart(), lanesStart(), 0);
    for (int i = 0; i < count; i++) {
      weights.read(frame, column + i, 0, depth, x, columnsStart() + i * stride);
    }
  }

  /** Leaves the lanes of the dot products of a row with a group of columns. */
  private void dot(Frame frame, @Nullable DType direct, int row, int column, float[] x) {
    if (direct == null) {
      dot(x, row, columnsStart(), stride, lanesStart());
      return;
    }
    MemorySegment segment = frame.segment(weights.weight());
    long start = (long) column * depth;
    if (direct == DType.F32) {
      dotFloats(x, row, segment, start, depth, lanesStart());
    } else {
      dotBFloat16(x, row, segment, start, depth, lanesStart());
    }
  }

  private static void dot(float[] x, int a, int w, int depth, int lanes) {
    FloatVector s0 = FloatVector.zero(Lanes.F);
    FloatVector s1 = FloatVector.zero(Lanes.F);
    FloatVector s2 = FloatVector.zero(Lanes.F);
    FloatVector s3 = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k += Lanes.COUNT) {
      FloatVector row = FloatVector.fromArray(Lanes.F, x, a + k);
      s0 = row.fma(FloatVector.fromArray(Lanes.F, x, w + k), s0);
      s1 = row.fma(FloatVector.fromArray(Lanes.F, x, w + depth + k), s1);
      s2 = row.fma(FloatVector.fromArray(Lanes.F, x, w + 2 * depth + k), s2);
      s3 = row.fma(FloatVector.fromArray(Lanes.F, x, w + 3 * depth + k), s3);
    }
    s0.intoArray(x, lanes);
    s1.intoArray(x, lanes + Lanes.COUNT);
    s2.intoArray(x, lanes + 2 * Lanes.COUNT);
    s3.intoArray(x, lanes + 3 * Lanes.COUNT);
  }

  private static void dotFloats(
      float[] x, int a, MemorySegment weight, long w, int depth, int lanes) {
    FloatVector s0 = FloatVector.zero(Lanes.F);
    FloatVector s1 = FloatVector.zero(Lanes.F);
    FloatVector s2 = FloatVector.zero(Lanes.F);
    FloatVector s3 = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k += Lanes.COUNT) {
      FloatVector row = FloatVector.fromArray(Lanes.F, x, a + k);
      s0 = row.fma(Lanes.load(weight, w + k), s0);
      s1 = row.fma(Lanes.load(weight, w + depth + k), s1);
      s2 = row.fma(Lanes.load(weight, w + 2L * depth + k), s2);
      s3 = row.fma(Lanes.load(weight, w + 3L * depth + k), s3);
    }
    s0.intoArray(x, lanes);
    s1.intoArray(x, lanes + Lanes.COUNT);
    s2.intoArray(x, lanes + 2 * Lanes.COUNT);
    s3.intoArray(x, lanes + 3 * Lanes.COUNT);
  }

  private static void dotBFloat16(
      float[] x, int a, MemorySegment weight, long w, int depth, int lanes) {
    FloatVector s0 = FloatVector.zero(Lanes.F);
    FloatVector s1 = FloatVector.zero(Lanes.F);
    FloatVector s2 = FloatVector.zero(Lanes.F);
    FloatVector s3 = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k += Lanes.COUNT) {
      FloatVector row = FloatVector.fromArray(Lanes.F, x, a + k);
      s0 = row.fma(HalfFloats.loadBFloat16(weight, w + k), s0);
      s1 = row.fma(HalfFloats.loadBFloat16(weight, w + depth + k), s1);
      s2 = row.fma(HalfFloats.loadBFloat16(weight, w + 2L * depth + k), s2);
      s3 = row.fma(HalfFloats.loadBFloat16(weight, w + 3L * depth + k), s3);
    }
    s0.intoArray(x, lanes);
    s1.intoArray(x, lanes + Lanes.COUNT);
    s2.intoArray(x, lanes + 2 * Lanes.COUNT);
    s3.intoArray(x, lanes + 3 * Lanes.COUNT);
  }

  /** Sums the lanes in a fixed order. */
  private void write(Frame frame, int row, int column, int count, float[] x) {
    MemorySegment out = frame.segment(product.out());
    @Nullable MemorySegment bias = product.bias() == null ? null : frame.segment(product.bias());
    for (int i = 0; i < count; i++) {
      float sum = Lanes.sum(x, lanesStart() + i * Lanes.COUNT);
      float shifted = bias == null ? sum : sum + Lanes.get(bias, column + i);
      Lanes.set(out, (long) row * columns + column + i, shifted);
    }
  }
}
