package org.t3jvm.tensor.cpu.vector;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/** BF16 and F16 numbers as floats, exactly, and floats as BF16, rounded to nearest even. */
public final class HalfFloats {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);

  private HalfFloats() {}

  /** {@link Lanes#COUNT} BF16 numbers from element {@code index} on. */
  public static FloatVector loadBFloat16(MemorySegment segment, long index) {
    return bits(segment, index).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /** {@link Lanes#COUNT} F16 numbers from element {@code index} on. */
  public static FloatVector loadFloat16(MemorySegment segment, long index) {
    IntVector half = bits(segment, index);
    IntVector magnitude = half.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
    // The exponents' biases differ by 112; as a product, subnormal numbers come out right too.
    IntVector finite = magnitude.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
    IntVector special = magnitude.or(0x7F800000);
    return finite
        .blend(special, magnitude.compare(VectorOperators.GE, 0x7C00 << 13))
        .or(half.and(0x80000000))
        .reinterpretAsFloats();
  }

  private static IntVector bits(MemorySegment segment, long index) {
    ShortVector shorts = ShortVector.fromMemorySegment(Lanes.S, segment, index << 1, ORDER);
    return (IntVector) shorts.convertShape(VectorOperators.S2I, Lanes.I, 0);
  }

  /** Copies {@code n} F32, BF16 or F16 elements to floats, each range from its own element on. */
  public static void widen(
      DType dtype, MemorySegment source, long from, MemorySegment target, long to, long n) {
    switch (dtype) {
      case F32 -> MemorySegment.copy(source, from << 2, target, to << 2, n << 2);
      case BF16 -> widenBFloat16(source, from, target, to, n);
      case F16 -> widenFloat16(source, from, target, to, n);
      default -> throw new IllegalArgumentException(dtype + " is no float of 16 or 32 bits");
    }
  }

  private static void widenBFloat16(
      MemorySegment source, long from, MemorySegment target, long to, long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      Lanes.store(loadBFloat16(source, from + i), target, to + i);
    }
    for (; i < n; i++) {
      int half = source.get(SHORT, (from + i) << 1);
      Lanes.set(target, to + i, Float.intBitsToFloat(half << 16));
    }
  }

  private static void widenFloat16(
      MemorySegment source, long from, MemorySegment target, long to, long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      Lanes.store(loadFloat16(source, from + i), target, to + i);
    }
    for (; i < n; i++) {
      Lanes.set(target, to + i, Float.float16ToFloat(source.get(SHORT, (from + i) << 1)));
    }
  }

  /** Stores floats that are BF16 numbers; {@code count} is a multiple of {@link Lanes#COUNT}. */
  public static void narrowBFloat16(
      float[] source, int from, MemorySegment target, long to, int count) {
    for (int i = 0; i < count; i += COUNT) {
      IntVector bits = FloatVector.fromArray(Lanes.F, source, from + i).reinterpretAsInts();
      IntVector half = bits.lanewise(VectorOperators.LSHR, 16);
      ShortVector shorts = (ShortVector) half.convertShape(VectorOperators.I2S, Lanes.S, 0);
      shorts.intoMemorySegment(target, (to + i) << 1, ORDER);
    }
  }

  /** Loads BF16 numbers; {@code count} is a multiple of {@link Lanes#COUNT}. */
  public static void widenBFloat16(
      MemorySegment source, long from, float[] target, int to, int count) {
    for (int i = 0; i < count; i += COUNT) {
      loadBFloat16(source, from + i).intoArray(target, to + i);
    }
  }

  /** Rounds floats {@code [from, to)} of {@code source} to the same elements of {@code target}. */
  public static void toBFloat16(MemorySegment source, MemorySegment target, long from, long to) {
    long i = from;
    for (; i + COUNT <= to; i += COUNT) {
      FloatVector v = Lanes.load(source, i);
      IntVector bits = v.reinterpretAsInts();
      IntVector high = bits.lanewise(VectorOperators.LSHR, 16);
      IntVector rounded = bits.add(high.and(1)).add(0x7FFF).lanewise(VectorOperators.LSHR, 16);
      IntVector half = rounded.blend(high.or(0x40), v.compare(VectorOperators.NE, v).cast(Lanes.I));
      ShortVector shorts = (ShortVector) half.convertShape(VectorOperators.I2S, Lanes.S, 0);
      shorts.intoMemorySegment(target, i << 1, ORDER);
    }
    for (; i < to; i++) {
      target.set(SHORT, i << 1, Tensor.toBFloat16(Lanes.get(source, i)));
    }
  }
}
