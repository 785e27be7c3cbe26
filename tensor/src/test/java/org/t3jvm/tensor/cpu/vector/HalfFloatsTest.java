package org.t3jvm.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

class HalfFloatsTest {
  /** All 2^16 numbers, and a length that leaves a tail at every vector width. */
  @Test
  void widensEveryHalfFloatExactly() {
    int count = (1 << 16) + 5;
    for (DType dtype : new DType[] {DType.F16, DType.BF16}) {
      Tensor half = Tensor.allocate(dtype, Shape.of(count));
      for (int i = 0; i < count; i++) {
        half.segment().set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) i);
      }
      Tensor wide = Tensor.allocate(DType.F32, Shape.of(count));
      HalfFloats.widen(dtype, half.segment(), 0, wide.segment(), 0, count);
      for (int i = 0; i < count; i++) {
        float expected =
            dtype == DType.F16
                ? Float.float16ToFloat((short) i)
                : Float.intBitsToFloat(((short) i) << 16);
        float actual = (float) wide.getDouble(i);
        assertThat(Float.floatToIntBits(actual))
            .as("%s bits %x", dtype, i & 0xFFFF)
            .isEqualTo(Float.floatToIntBits(expected));
      }
    }
  }

  @Test
  void roundsToNearestEvenBFloat16() {
    long seed = 5;
    Random random = new Random(seed);
    int count = 100_003;
    Tensor wide = Tensor.allocate(DType.F32, Shape.of(count));
    float[] special = {
      0f,
      -0f,
      1f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE,
      Float.MIN_VALUE,
      1.00390625f,
      1.01171875f,
      Float.intBitsToFloat(0x7F800001)
    };
    for (int i = 0; i < count; i++) {
      float value = i < special.length ? special[i] : Float.intBitsToFloat(random.nextInt());
      wide.setDouble(i, value);
    }
    Tensor half = Tensor.allocate(DType.BF16, Shape.of(count));
    HalfFloats.toBFloat16(wide.segment(), half.segment(), 0, count);
    for (int i = 0; i < count; i++) {
      float value = (float) wide.getDouble(i);
      assertThat(Float.floatToIntBits((float) half.getDouble(i)))
          .as("%s, seed %d", value, seed)
          .isEqualTo(Float.floatToIntBits(Float.intBitsToFloat(Tensor.toBFloat16(value) << 16)));
    }
  }
}
