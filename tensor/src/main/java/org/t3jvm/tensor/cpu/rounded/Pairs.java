package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * Neighbours as pairs of BF16 numbers, rounded to nearest even: the first in the upper half. An odd
 * one out has zero for its neighbour.
 */
public final class Pairs {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfInt PAIR = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);

  /** Half as many ints as {@link Lanes#F} has lanes. */
  private static final VectorSpecies<Integer> I =
      VectorSpecies.of(int.class, VectorShape.forBitSize(Lanes.F.vectorBitSize() / 2));

  private Pairs() {}

  /** Pairs that hold so many numbers. */
  public static int count(int numbers) {
    return Math.ceilDiv(numbers, 2);
  }

  /** Rounds F32 elements of a segment from {@code from} on; {@code to} is in bytes. */
  public static void round(
      MemorySegment source, long from, int count, MemorySegment target, long to) {
    int i = 0;
    for (; i + Lanes.COUNT <= count; i += Lanes.COUNT) {
      pairs(Lanes.load(source, from + i)).intoMemorySegment(target, to + 2L * i, ORDER);
    }
    for (; i < count; i += 2) {
      float second = i + 1 < count ? Lanes.get(source, from + i + 1) : 0;
      target.set(PAIR, to + 2L * i, pair(Lanes.get(source, from + i), second));
    }
  }

  /** Rounds floats in place: the pairs are the bits of the first half. */
  static void round(float[] x, int at, int count) {
    int i = 0;
    for (; i + Lanes.COUNT <= count; i += Lanes.COUNT) {
      pairs(FloatVector.fromArray(Lanes.F, x, at + i))
          .reinterpretAsFloats()
          .intoArray(x, at + i / 2);
    }
    for (; i < count; i += 2) {
      float second = i + 1 < count ? x[at + i + 1] : 0;
      x[at + i / 2] = Float.intBitsToFloat(pair(x[at + i], second));
    }
  }

  /** Pairs of BF16 elements of a segment from {@code from} on, as the bits of floats. */
  static void load(MemorySegment source, long from, int count, float[] x, int at) {
    int i = 0;
    for (; i + 2 * Lanes.COUNT <= count; i += 2 * Lanes.COUNT) {
      IntVector.fromMemorySegment(Lanes.I, source, (from + i) << 1, ORDER)
          .lanewise(VectorOperators.ROL, Short.SIZE)
          .reinterpretAsFloats()
          .intoArray(x, at + i / 2);
    }
    for (; i < count; i += 2) {
      int first = source.get(HALF, (from + i) << 1) << Short.SIZE;
      int second = i + 1 < count ? source.get(HALF, (from + i + 1) << 1) & 0xFFFF : 0;
      x[at + i / 2] = Float.intBitsToFloat(first | second);
    }
  }

  private static int pair(float first, float second) {
    return Tensor.toBFloat16(first) << Short.SIZE | (Tensor.toBFloat16(second) & 0xFFFF);
  }

  /** Pairs of a lane of each of two vectors. */
  public static IntVector of(FloatVector first, FloatVector second) {
    return rounded(first)
        .and(0xFFFF0000)
        .or(rounded(second).lanewise(VectorOperators.LSHR, Short.SIZE));
  }

  private static IntVector pairs(FloatVector v) {
    LongVector neighbours = rounded(v).reinterpretAsLongs();
    LongVector pairs =
        neighbours.and(0xFFFF0000L).or(neighbours.lanewise(VectorOperators.LSHR, 3 * Short.SIZE));
    return (IntVector) pairs.convertShape(VectorOperators.L2I, I, 0);
  }

  /** BF16 numbers in the upper halves, anything in the lower ones. */
  private static IntVector rounded(FloatVector v) {
    IntVector bits = v.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, Short.SIZE).and(1);
    IntVector quiet = bits.or(0x400000);
    return bits.add(odd).add(0x7FFF).blend(quiet, v.compare(VectorOperators.NE, v).cast(Lanes.I));
  }
}
