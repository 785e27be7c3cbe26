package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.vector.HalfFloats;
import org.t3jvm.tensor.cpu.vector.Lanes;

/** Copies between segments and arrays, in loops: rows are too short for bulk copies to pay. */
public final class FloatCopies {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int BULK = 1024;

  private FloatCopies() {}

  /** F32 elements of a segment from {@code from} on. */
  public static void load(MemorySegment source, long from, int count, float[] target, int at) {
    if (count >= BULK) {
      MemorySegment.copy(source, FLOAT, from << 2, target, at, count);
      return;
    }
    int i = 0;
    for (; i + Lanes.COUNT <= count; i += Lanes.COUNT) {
      Lanes.load(source, from + i).intoArray(target, at + i);
    }
    for (; i < count; i++) {
      target[at + i] = Lanes.get(source, from + i);
    }
  }

  /** F32 elements from one segment to another. */
  public static void copy(
      MemorySegment source, long from, MemorySegment target, long to, int count) {
    int i = 0;
    for (; i + Lanes.COUNT <= count; i += Lanes.COUNT) {
      Lanes.store(Lanes.load(source, from + i), target, to + i);
    }
    for (; i < count; i++) {
      Lanes.set(target, to + i, Lanes.get(source, from + i));
    }
  }

  /** F32, BF16 or F16 elements of a segment from {@code from} on, widened. */
  public static void widen(
      DType dtype, MemorySegment source, long from, int count, float[] target, int at) {
    if (dtype == DType.F32) {
      load(source, from, count, target, at);
      return;
    }
    boolean brain = dtype == DType.BF16;
    int i = 0;
    for (; i + Lanes.COUNT <= count; i += Lanes.COUNT) {
      FloatVector vector =
          brain
              ? HalfFloats.loadBFloat16(source, from + i)
              : HalfFloats.loadFloat16(source, from + i);
      vector.intoArray(target, at + i);
    }
    for (; i < count; i++) {
      target[at + i] = widen(dtype, source, from + i);
    }
  }

  /** One F32, BF16 or F16 element of a segment, widened. */
  public static float widen(DType dtype, MemorySegment source, long index) {
    return switch (dtype) {
      case F32 -> Lanes.get(source, index);
      case BF16 -> Float.intBitsToFloat(bits(source, index) << 16);
      case F16 -> Float.float16ToFloat(bits(source, index));
      default -> throw new IllegalArgumentException(dtype + " is no weight's dtype");
    };
  }

  private static short bits(MemorySegment source, long index) {
    return source.get(HALF, index << 1);
  }
}
