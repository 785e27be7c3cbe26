package org.t3jvm.tensor.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tasks;
import org.t3jvm.tensor.Tensor;

/**
 * Floating weights [N, K] as codes [N, K] I8 and scales [N, ceil(K/{@value #BLOCK})] F32: each
 * {@value #BLOCK} weights of a row share the scale {@code max|w| / 127}, and a code is {@code
 * w/scale} rounded to nearest, ties to even, from -127 to 127. So {@code |w - code*scale|} is at
 * most half the scale, up to the rounding of the division.
 *
 * <p>Every code depends on its own block alone: the result is the same however the work is shared.
 */
public final class Q8 {
  /** Weights that share a scale: with it a weight takes 8.5 bits. */
  public static final int BLOCK = 64;

  private static final int LARGEST = 127;

  /** Elements of rows that are worth a task of their own. */
  private static final long TASK_ELEMENTS = 1 << 16;

  private Q8() {}

  /** Whether a tensor can be quantised: a floating matrix of at least one column. */
  public static boolean takes(DType dtype, Shape shape) {
    return dtype.isFloating() && shape.rank() == 2 && shape.dim(1) >= 1;
  }

  /** Shape of the scales of a weight [N, K]. */
  public static Shape scalesShape(Shape weight) {
    return Shape.of(weight.dim(0), Math.ceilDiv(weight.dim(1), (long) BLOCK));
  }

  /**
   * Writes the scales of a weight [N, K].
   *
   * @param scales F32 of {@link #scalesShape}
   * @param threads that share the work
   * @throws ArithmeticException if a weight is NaN or infinite, saying where
   */
  public static void scales(Tensor weight, Tensor scales, int threads) {
    requireFits(weight, scales, DType.F32, scalesShape(weight.shape()));
    forEachRow(
        weight,
        threads,
        (row, values) -> {
          int blocks = scales.shape().intDim(1);
          for (int block = 0; block < blocks; block++) {
            int from = block * BLOCK;
            int to = Math.min(from + BLOCK, values.length);
            scales.setDouble(row * blocks + block, scale(values, from, to));
          }
        });
  }

  /**
   * Writes the codes of a weight [N, K] under its {@link #scales}.
   *
   * @param codes I8 of the weight's shape
   * @param threads that share the work
   */
  public static void codes(Tensor weight, Tensor scales, Tensor codes, int threads) {
    requireFits(weight, scales, DType.F32, scalesShape(weight.shape()));
    requireFits(weight, codes, DType.I8, weight.shape());
    forEachRow(
        weight,
        threads,
        (row, values) -> {
          int blocks = scales.shape().intDim(1);
          byte[] rounded = new byte[values.length];
          for (int block = 0; block < blocks; block++) {
            float scale = (float) scales.getDouble(row * blocks + block);
            int from = block * BLOCK;
            round(values, from, Math.min(from + BLOCK, values.length), scale, rounded);
          }
          MemorySegment.copy(
              rounded,
              0,
              codes.segment(),
              ValueLayout.JAVA_BYTE,
              row * values.length,
              values.length);
        });
  }

  private static void requireFits(Tensor weight, Tensor made, DType dtype, Shape shape) {
    if (!takes(weight.dtype(), weight.shape())
        || made.dtype() != dtype
        || !made.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "q8: weight %s cannot have %s; a floating matrix has %s %s"
              .formatted(weight, made, dtype, shape));
    }
  }

  private static float scale(float[] values, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return scale(largest);
  }

  /**
   * The scale of a block, of its largest magnitude: not below the normal numbers, where it would be
   * too coarse for its own codes.
   */
  public static float scale(float largest) {
    return largest == 0 ? 0 : Math.max(largest / LARGEST, Float.MIN_NORMAL);
  }

  private static void round(float[] values, int from, int to, float scale, byte[] codes) {
    if (scale == 0) {
      return;
    }
    for (int i = from; i < to; i++) {
      codes[i] = (byte) Math.clamp((int) Math.rint(values[i] / scale), -LARGEST, LARGEST);
    }
  }

  private interface RowTask {
    void run(long row, float[] values);
  }

  /** Runs rows, widened, some at a time on each thread. */
  private static void forEachRow(Tensor weight, int threads, RowTask task) {
    long rows = weight.shape().dim(0);
    int columns = weight.shape().intDim(1);
    long together = Math.max(1, TASK_ELEMENTS / columns);
    WeightRows source = WeightRows.of(weight);
    AtomicLong damaged = new AtomicLong(-1);
    Tasks.run(
        threads,
        Math.toIntExact(Math.ceilDiv(rows, together)),
        chunk -> {
          float[] values = new float[columns];
          long end = Math.min(rows, (chunk + 1) * together);
          for (long row = chunk * together; row < end; row++) {
            source.read(row, values);
            if (isFinite(values)) {
              task.run(row, values);
            } else {
              damaged.set(row);
            }
          }
        });
    if (damaged.get() >= 0) {
      throw new ArithmeticException(
          "row %d of %s has NaN or infinity".formatted(damaged.get(), weight));
    }
  }

  /** The product with 0 is NaN for what is not finite, and so is then the sum. */
  private static boolean isFinite(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value * 0;
    }
    return sum == 0;
  }
}
