package org.t3jvm.tensor.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.t3jvm.tensor.Tensor;

/** Reads rows of floating tensors as floats. */
final class RowValues {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private RowValues() {}

  /** Copies one row of a matrix, rounded to F32 if it is F64. */
  static void read(Tensor tensor, long row, float[] values) {
    MemorySegment segment = tensor.segment();
    int count = values.length;
    long first = row * count;
    switch (tensor.dtype()) {
      case F32 -> MemorySegment.copy(segment, FLOAT, first << 2, values, 0, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(segment.get(SHORT, (first + i) << 1) << 16);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.float16ToFloat(segment.get(SHORT, (first + i) << 1));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          values[i] = (float) tensor.getDouble(first + i);
        }
      }
    }
  }
}
