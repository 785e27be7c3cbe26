package org.t3jvm.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A dense row-major array of one {@link DType} over a {@link MemorySegment}, off-heap or
 * memory-mapped, of any size that the address space holds.
 *
 * <p>A tensor does not own its memory: the arena of its segment does. Elements are little-endian
 * and need no alignment, so a tensor can lie anywhere in a mapped file.
 */
public final class Tensor {
  /** Alignment in bytes of every tensor that {@link #allocate} makes: one cache line. */
  public static final long ALIGNMENT = 64;

  static final ValueLayout.OfDouble F64 = little(ValueLayout.JAVA_DOUBLE_UNALIGNED);
  static final ValueLayout.OfFloat F32 = little(ValueLayout.JAVA_FLOAT_UNALIGNED);
  static final ValueLayout.OfLong I64 = little(ValueLayout.JAVA_LONG_UNALIGNED);
  static final ValueLayout.OfInt I32 = little(ValueLayout.JAVA_INT_UNALIGNED);
  static final ValueLayout.OfShort I16 = little(ValueLayout.JAVA_SHORT_UNALIGNED);

  private final DType dtype;
  private final Shape shape;
  private final MemorySegment segment;

  private Tensor(DType dtype, Shape shape, MemorySegment segment) {
    this.dtype = dtype;
    this.shape = shape;
    this.segment = segment;
  }

  /**
   * A tensor of {@code shape} over memory that is already there.
   *
   * @throws IllegalArgumentException if the segment's size is not exactly the tensor's
   */
  public static Tensor of(DType dtype, Shape shape, MemorySegment segment) {
    long bytes = byteSize(dtype, shape);
    if (segment.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "tensor %s %s takes %d bytes, its segment has %d"
              .formatted(dtype, shape, bytes, segment.byteSize()));
    }
    return new Tensor(dtype, shape, segment);
  }

  /** A zero-filled tensor of {@code shape} in {@code arena}, aligned to {@link #ALIGNMENT}. */
  public static Tensor allocate(Arena arena, DType dtype, Shape shape) {
    long bytes = byteSize(dtype, shape);
    MemorySegment segment = arena.allocate(Math.max(bytes, 1), ALIGNMENT).asSlice(0, bytes);
    return new Tensor(dtype, shape, segment);
  }

  /** A zero-filled tensor of {@code shape} whose memory the garbage collector frees. */
  public static Tensor allocate(DType dtype, Shape shape) {
    return allocate(Arena.ofAuto(), dtype, shape);
  }

  /** An F32 tensor of {@code shape} holding a copy of {@code values}. */
  public static Tensor ofFloats(Shape shape, float... values) {
    Tensor tensor = allocate(DType.F32, shape);
    requireCount(shape, values.length);
    MemorySegment.copy(values, 0, tensor.segment, F32, 0, values.length);
    return tensor;
  }

  /** An I64 tensor of {@code shape} holding a copy of {@code values}. */
  public static Tensor ofLongs(Shape shape, long... values) {
    Tensor tensor = allocate(DType.I64, shape);
    requireCount(shape, values.length);
    MemorySegment.copy(values, 0, tensor.segment, I64, 0, values.length);
    return tensor;
  }

  private static void requireCount(Shape shape, long count) {
    if (shape.elements() != count) {
      throw new IllegalArgumentException(
          "shape %s has %d elements, %d values given".formatted(shape, shape.elements(), count));
    }
  }

  private static long byteSize(DType dtype, Shape shape) {
    try {
      return Math.multiplyExact(shape.elements(), (long) dtype.byteSize());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor %s %s has more than 2^63-1 bytes".formatted(dtype, shape), e);
    }
  }

  public DType dtype() {
    return dtype;
  }

  public Shape shape() {
    return shape;
  }

  /** The memory of exactly this tensor's elements. */
  public MemorySegment segment() {
    return segment;
  }

  /** Bytes of all elements. */
  public long byteSize() {
    return segment.byteSize();
  }

  /** The same memory as one that must not be written to, nor change otherwise; no copy. */
  public Tensor asReadOnly() {
    return new Tensor(dtype, shape, segment.asReadOnly());
  }

  /** The same elements under another shape of the same element count; no copy. */
  public Tensor reshape(Shape other) {
    requireCount(other, shape.elements());
    return new Tensor(dtype, other, segment);
  }

  /** Rows {@code [start, start + length)} of the outermost axis; no copy. */
  public Tensor rows(long start, long length) {
    long rowBytes = shape.inner(0) * dtype.byteSize();
    if (start < 0 || length < 0 || length > shape.dim(0) - start) {
      throw new IllegalArgumentException(
          "%d rows from %d on are outside a tensor of shape %s".formatted(length, start, shape));
    }
    return new Tensor(
        dtype, shape.with(0, length), segment.asSlice(start * rowBytes, length * rowBytes));
  }

  /** Element {@code index} in row-major order, widened exactly (I64 beyond 2^53 rounds). */
  public double getDouble(long index) {
    return switch (dtype) {
      case F64 -> segment.get(F64, index << 3);
      case F32 -> segment.get(F32, index << 2);
      case F16 -> Float.float16ToFloat(segment.get(I16, index << 1));
      case BF16 -> Float.intBitsToFloat(segment.get(I16, index << 1) << 16);
      case F8_E4M3 -> Float8.toFloat(segment.get(ValueLayout.JAVA_BYTE, index));
      case F8_E5M2 -> Float8.e5m2ToFloat(segment.get(ValueLayout.JAVA_BYTE, index));
      default -> getLong(index);
    };
  }

  /** Element {@code index} of an integer tensor; BOOL gives 0 or 1. */
  public long getLong(long index) {
    return switch (dtype) {
      case I64 -> segment.get(I64, index << 3);
      case I32 -> segment.get(I32, index << 2);
      case I8 -> segment.get(ValueLayout.JAVA_BYTE, index);
      case U8 -> segment.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
      case BOOL -> segment.get(ValueLayout.JAVA_BYTE, index) != 0 ? 1 : 0;
      default -> throw new IllegalStateException("a tensor of " + dtype + " holds no integers");
    };
  }

  /**
   * Writes element {@code index}. Floating types round to nearest even, those of 16 and 8 bits by
   * way of F32; I64 and I32 truncate toward zero and saturate, I8 and U8 keep the low 8 bits of the
   * I32; BOOL stores {@code value != 0}.
   */
  public void setDouble(long index, double value) {
    switch (dtype) {
      case F64 -> segment.set(F64, index << 3, value);
      case F32 -> segment.set(F32, index << 2, (float) value);
      case F16 -> segment.set(I16, index << 1, Float.floatToFloat16((float) value));
      case BF16 -> segment.set(I16, index << 1, toBFloat16((float) value));
      case I64 -> segment.set(I64, index << 3, (long) value);
      case I32 -> segment.set(I32, index << 2, (int) value);
      case I8, U8 -> segment.set(ValueLayout.JAVA_BYTE, index, (byte) (int) value);
      case F8_E4M3 -> segment.set(ValueLayout.JAVA_BYTE, index, Float8.fromFloat((float) value));
      case F8_E5M2 ->
          segment.set(ValueLayout.JAVA_BYTE, index, Float8.e5m2FromFloat((float) value));
      case BOOL -> segment.set(ValueLayout.JAVA_BYTE, index, (byte) (value != 0 ? 1 : 0));
    }
  }

  /** BF16 bits of {@code value}, rounded to nearest even; NaN stays NaN. */
  public static short toBFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** All elements as floats, in row-major order. Fails beyond 2^31-1 elements. */
  public float[] toFloats() {
    int count = Math.toIntExact(shape.elements());
    float[] values = new float[count];
    if (dtype == DType.F32) {
      MemorySegment.copy(segment, F32, 0, values, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        values[i] = (float) getDouble(i);
      }
    }
    return values;
  }

  /** All elements as longs, in row-major order. Fails beyond 2^31-1 elements. */
  public long[] toLongs() {
    long[] values = new long[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = getLong(i);
    }
    return values;
  }

  /** This tensor converted to {@code target}; the tensor itself if it already has that dtype. */
  public Tensor to(DType target) {
    if (target == dtype) {
      return this;
    }
    Tensor result = allocate(target, shape);
    for (long i = 0; i < shape.elements(); i++) {
      result.setDouble(i, getDouble(i));
    }
    return result;
  }

  /** Copies the elements of a tensor of the same dtype and shape into this one. */
  public void copyFrom(Tensor source) {
    if (source.dtype != dtype || !source.shape.equals(shape)) {
      throw new IllegalArgumentException(
          "cannot copy %s %s into %s %s".formatted(source.dtype, source.shape, dtype, shape));
    }
    segment.copyFrom(source.segment);
  }

  /** As {@code F32 [2, 3]}. */
  @Override
  public String toString() {
    return dtype + " " + shape;
  }

  private static <V extends ValueLayout> V little(V layout) {
    @SuppressWarnings("unchecked")
    V ordered = (V) layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    return ordered;
  }
}
