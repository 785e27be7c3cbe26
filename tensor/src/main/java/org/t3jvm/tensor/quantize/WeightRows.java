package org.t3jvm.tensor.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * A tensor's values as rows of floats: what follows the outermost axis is a row, and all of a
 * scalar or vector is one. Codes are multiplied by their scales.
 */
public final class WeightRows {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Tensor tensor;
  private final @Nullable Tensor scales;
  private final long count;
  private final int width;

  private WeightRows(Tensor tensor, @Nullable Tensor scales) {
    Shape shape = tensor.shape();
    this.tensor = tensor;
    this.scales = scales;
    this.count = shape.rank() < 2 ? 1 : shape.dim(0);
    this.width = Math.toIntExact(shape.rank() < 2 ? shape.elements() : shape.inner(0));
  }

  /** The rows of a tensor that says itself what its values are. */
  public static WeightRows of(Tensor tensor) {
    return new WeightRows(tensor, null);
  }

  /**
   * The rows of codes with F32 scales: I8 [N, K] with [N, ceil(K/{@value Q8#BLOCK})], as {@link Q8}
   * makes them, or F8 [N, ...] of K a row with [1, 1] or [N, k], k dividing K.
   *
   * @throws IllegalArgumentException if the scales are not those of such codes
   */
  public static WeightRows of(Tensor codes, Tensor scales) {
    if (codes.dtype().isFloat8()) {
      boolean one = scales.shape().elements() == 1;
      if (scales.dtype() != DType.F32 || !(one || isByParts(codes.shape(), scales.shape()))) {
        throw new IllegalArgumentException("%s has not the scales %s".formatted(codes, scales));
      }
      return new WeightRows(codes, scales);
    }
    if (codes.dtype() != DType.I8
        || codes.shape().rank() != 2
        || scales.dtype() != DType.F32
        || !scales.shape().equals(Q8.scalesShape(codes.shape()))) {
      throw new IllegalArgumentException("q8: %s has not the scales %s".formatted(codes, scales));
    }
    return new WeightRows(codes, scales);
  }

  private static boolean isByParts(Shape codes, Shape scales) {
    return codes.rank() >= 2
        && scales.rank() == 2
        && scales.dim(0) == codes.dim(0)
        && scales.dim(1) > 0
        && codes.inner(0) % scales.dim(1) == 0;
  }

  /** Number of rows. */
  public long count() {
    return count;
  }

  /** Values of a row. */
  public int width() {
    return width;
  }

  /** Writes one row to {@code values}, F64 rounded to F32. Safe for use by many threads. */
  public void read(long row, float[] values) {
    MemorySegment segment = tensor.segment();
    long first = row * width;
    switch (tensor.dtype()) {
      case F32 -> MemorySegment.copy(segment, FLOAT, first << 2, values, 0, width);
      case BF16 -> {
        for (int i = 0; i < width; i++) {
          values[i] = Float.intBitsToFloat(segment.get(SHORT, (first + i) << 1) << 16);
        }
      }
      case F16 -> {
        for (int i = 0; i < width; i++) {
          values[i] = Float.float16ToFloat(segment.get(SHORT, (first + i) << 1));
        }
      }
      default -> {
        for (int i = 0; i < width; i++) {
          values[i] = (float) tensor.getDouble(first + i);
        }
      }
    }
    if (scales != null) {
      scale(scales, row, values);
    }
  }

  private void scale(Tensor factors, long row, float[] values) {
    boolean one = factors.shape().elements() == 1;
    long blocks = one ? 1 : factors.shape().dim(1);
    int length =
        tensor.dtype().isFloat8() ? Math.toIntExact(Math.ceilDiv(width, blocks)) : Q8.BLOCK;
    long first = one ? 0 : row * blocks;
    for (int block = 0; block < blocks; block++) {
      float factor = (float) factors.getDouble(first + block);
      int end = Math.min(width, (block + 1) * length);
      for (int i = block * length; i < end; i++) {
        values[i] *= factor;
      }
    }
  }
}
