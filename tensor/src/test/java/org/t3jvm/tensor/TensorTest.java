package org.t3jvm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.t3jvm.tensor.TensorAssert.assertThatTensor;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {
  @ParameterizedTest
  @EnumSource(DType.class)
  void everyDtypeHoldsSmallWholeNumbers(DType dtype) {
    Tensor tensor = Tensor.allocate(dtype, Shape.of(2, 3));
    assertThat(tensor.byteSize()).isEqualTo(6L * dtype.byteSize());
    for (int i = 0; i < 6; i++) {
      assertThat(tensor.getDouble(i)).as("allocated elements").isZero();
      tensor.setDouble(i, i % 2);
    }
    for (int i = 0; i < 6; i++) {
      assertThat(tensor.getDouble(i)).isEqualTo(i % 2);
    }
    assertThat(tensor.toFloats()).containsExactly(0, 1, 0, 1, 0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "F64, -1.7976931348623157e308", "F32, -3.4028234663852886e38", "F16, -65504",
    "BF16, -3.3895313892515355e38", "I64, -9007199254740992", "I32, -2147483648",
    "I8, -128", "U8, 255", "BOOL, 1"
  })
  void everyDtypeHoldsItsExtremes(DType dtype, double extreme) {
    Tensor tensor = Tensor.allocate(dtype, Shape.of(1));
    tensor.setDouble(0, extreme);
    assertThat(tensor.getDouble(0)).isEqualTo(extreme);
  }

  @Test
  void elementsAreLittleEndian() {
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(1));
    tensor.setDouble(0, 1);
    assertThat(tensor.segment().toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 0, 0x80, 0x3F);
    Tensor half = Tensor.allocate(DType.F16, Shape.of(1));
    half.setDouble(0, 1);
    assertThat(half.segment().toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 0x3C);
    Tensor brain = Tensor.allocate(DType.BF16, Shape.of(1));
    brain.setDouble(0, 1);
    assertThat(brain.segment().toArray(ValueLayout.JAVA_BYTE)).containsExactly(0x80, 0x3F);
    Tensor id = Tensor.ofLongs(Shape.of(1), 0x0102030405060708L);
    assertThat(id.segment().toArray(ValueLayout.JAVA_BYTE)).containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
  }

  /** Every BF16 but the signalling NaN survives the way through F32. */
  @Test
  void everyBFloat16IsItself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float.intBitsToFloat(bits << 16);
      if (Float.isNaN(value)) {
        assertThat(Float.intBitsToFloat(Tensor.toBFloat16(value) << 16)).isNaN();
      } else {
        assertThat(Tensor.toBFloat16(value) & 0xFFFF).as("bits %x", bits).isEqualTo(bits);
      }
    }
  }

  /** Against exact decimal distances to the two neighbours. */
  @Test
  void bFloat16RoundsToNearestEven() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      // Every fourth number lies exactly halfway, or one bit beside.
      int low = i % 4 == 0 ? 0x7FFF + random.nextInt(3) : random.nextInt(1 << 16);
      float value = Float.intBitsToFloat((random.nextInt(0x7F7F) << 16) | low);
      int down = Float.floatToRawIntBits(value) >>> 16;
      BigDecimal below = exact(down).subtract(new BigDecimal(value)).abs();
      BigDecimal above = exact(down + 1).subtract(new BigDecimal(value)).abs();
      int order = below.compareTo(above);
      int expected = order < 0 || (order == 0 && down % 2 == 0) ? down : down + 1;
      assertThat(Tensor.toBFloat16(value)).as("%s, seed 5", value).isEqualTo((short) expected);
      assertThat(Tensor.toBFloat16(-value) & 0xFFFF).as("-%s", value).isEqualTo(expected | 0x8000);
    }
  }

  private static BigDecimal exact(int bFloat16) {
    return new BigDecimal(Float.intBitsToFloat(bFloat16 << 16));
  }

  @ParameterizedTest
  @CsvSource({
    // Ties go to the even neighbour; beyond the largest number lies infinity.
    "BF16, 0x1.01p0, 1",
    "BF16, 0x1.03p0, 0x1.04p0",
    "BF16, 0x1.010002p0, 0x1.02p0",
    "BF16, 0x1.ffp0, 2",
    "BF16, 0x1.ffp127, Infinity",
    "BF16, -0x1.ffp127, -Infinity",
    "BF16, Infinity, Infinity",
    "BF16, NaN, NaN",
    "BF16, 0x1p-133, 0x1p-133",
    "BF16, 0x1p-134, 0",
    "BF16, 0x1.8p-133, 0x1p-132",
    "F16, 0x1.002p0, 1",
    "F16, 0x1.006p0, 0x1.008p0",
    "F16, 65519, 65504",
    "F16, 65520, Infinity",
    "F16, -65520, -Infinity",
    "F16, 0x1p-24, 0x1p-24",
    "F16, 0x1p-25, 0",
    "F16, 0x1.8p-24, 0x1p-23",
    "F16, NaN, NaN",
    "F16, -Infinity, -Infinity",
    "F32, 0x1.0000001p0, 1",
    "F32, 1e39, Infinity",
    "I32, 2.9, 2",
    "I32, -2.9, -2",
    "I32, 1e10, 2147483647",
    "I32, NaN, 0",
    "I64, -3.99, -3",
    "I64, 1e30, 9.223372036854775807e18",
    "I8, -3.5, -3",
    "U8, 254.9, 254",
    "BOOL, 0.25, 1",
    "BOOL, -3, 1"
  })
  void roundsAsItsDtypeDoes(DType dtype, double value, double stored) {
    Tensor tensor = Tensor.allocate(dtype, Shape.of(1));
    tensor.setDouble(0, value);
    assertThat(tensor.getDouble(0)).isEqualTo(Double.valueOf(stored));
  }

  @Test
  void aNaNWhosePayloadLiesLowStaysNaN() {
    float nan = Float.intBitsToFloat(0x7F800001);
    assertThat(Float.intBitsToFloat(Tensor.toBFloat16(nan) << 16)).isNaN();
    assertThat(Float.intBitsToFloat(Tensor.toBFloat16(Float.intBitsToFloat(0xFFFFFFFF)) << 16))
        .isNaN();
  }

  @Test
  void wholeNumbersAreExact() {
    Tensor tensor = Tensor.ofLongs(Shape.of(2), Long.MIN_VALUE, (1L << 53) + 1);
    assertThat(tensor.toLongs()).containsExactly(Long.MIN_VALUE, (1L << 53) + 1);
    Tensor bytes =
        Tensor.of(
            DType.U8, Shape.of(2), MemorySegment.ofArray(new byte[] {(byte) 0xFF, (byte) 0x80}));
    assertThat(bytes.toLongs()).containsExactly(255, 128);
    Tensor flags = Tensor.of(DType.BOOL, Shape.of(2), MemorySegment.ofArray(new byte[] {2, 0}));
    assertThat(flags.toLongs()).containsExactly(1, 0);
    assertThatThrownBy(() -> Tensor.ofFloats(Shape.of(1), 1).getLong(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("F32");
  }

  @Test
  void convertsBetweenDtypes() {
    Tensor tensor = Tensor.ofFloats(Shape.of(4), 0.1f, -1000.5f, 70000, 3);
    assertThat(tensor.to(DType.F32)).isSameAs(tensor);
    assertThatTensor(tensor.to(DType.BF16)).hasElements(0, 0.10009765625, -1000, 70144, 3);
    assertThatTensor(tensor.to(DType.F16))
        .hasElements(0, 0.0999755859375, -1000.5, Double.POSITIVE_INFINITY, 3);
    assertThat(tensor.to(DType.I32).toLongs()).containsExactly(0, -1000, 70000, 3);
    assertThat(tensor.to(DType.BF16).to(DType.F32).toFloats())
        .containsExactly(0.10009765625f, -1000, 70144, 3);
  }

  @Test
  void reshapeAndRowsShareTheMemory() {
    Tensor tensor = Tensor.ofFloats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Tensor rows = tensor.rows(1, 2);
    assertThat(rows.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(rows.toFloats()).containsExactly(3, 4, 5, 6);
    tensor.reshape(Shape.of(6)).setDouble(2, 30);
    assertThat(rows.getDouble(0)).isEqualTo(30);
    assertThat(tensor.rows(3, 0).byteSize()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.rows(2, 2))
        .withMessage("2 rows from 2 on are outside a tensor of shape [3, 2]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.rows(1, Long.MAX_VALUE))
        .withMessageContaining("outside a tensor of shape [3, 2]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.reshape(Shape.of(5)))
        .withMessage("shape [5] has 5 elements, 6 values given");
  }

  @Test
  void copiesOnlyWhatFits() {
    Tensor target = Tensor.allocate(DType.F32, Shape.of(2, 2));
    target.copyFrom(Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4));
    assertThat(target.toFloats()).containsExactly(1, 2, 3, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> target.copyFrom(Tensor.allocate(DType.F32, Shape.of(4))))
        .withMessage("cannot copy F32 [4] into F32 [2, 2]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> target.copyFrom(Tensor.allocate(DType.I32, Shape.of(2, 2))))
        .withMessageContaining("I32");
  }

  @Test
  void segmentsMustFitExactly() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Tensor.of(DType.BF16, Shape.of(2, 3), arena.allocate(13)))
          .withMessage("tensor BF16 [2, 3] takes 12 bytes, its segment has 13");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Tensor.of(DType.F64, Shape.of(1L << 61), arena.allocate(8)))
          .withMessageContaining("more than 2^63-1 bytes");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.ofFloats(Shape.of(2), 1, 2, 3))
        .withMessage("shape [2] has 2 elements, 3 values given");
  }

  @Test
  void elementsNeedNoAlignment() {
    try (Arena arena = Arena.ofConfined()) {
      for (DType dtype : DType.values()) {
        MemorySegment memory = arena.allocate(64, 64).asSlice(1, 3L * dtype.byteSize());
        Tensor tensor = Tensor.of(dtype, Shape.of(3), memory);
        tensor.setDouble(2, 1);
        assertThat(tensor.getDouble(2)).as("%s", dtype).isEqualTo(1);
        assertThat(tensor.getDouble(1)).as("%s", dtype).isZero();
      }
    }
  }

  @Test
  void allocatedTensorsAreAligned() {
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < 8; i++) {
        Tensor tensor = Tensor.allocate(arena, DType.F32, Shape.of(2 * i + 1));
        assertThat(tensor.segment().address() % Tensor.ALIGNMENT).isZero();
      }
      assertThat(Tensor.allocate(arena, DType.F32, Shape.of(0, 7)).toFloats()).isEmpty();
    }
  }

  /** 10 GiB that lie in no memory: only the pages that are touched exist. */
  @Test
  void addressesBeyondTwoToThe31Elements(@TempDir Path folder) throws IOException {
    long elements = 5L << 30;
    Path file = folder.resolve("sparse");
    try (Arena arena = Arena.ofShared();
        RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(elements * 2);
      MemorySegment memory =
          access.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, elements * 2, arena);
      Tensor tensor = Tensor.of(DType.BF16, Shape.of(5, 1L << 30), memory);
      for (long index : new long[] {0, (1L << 31) - 1, 1L << 31, 1L << 32, elements - 1}) {
        assertThat(tensor.getDouble(index)).isZero();
        tensor.setDouble(index, 1.5);
        assertThat(tensor.getDouble(index)).as("element %d", index).isEqualTo(1.5);
      }
      assertThat(tensor.getDouble(elements - (1L << 31))).as("no index wraps").isZero();
      Tensor last = tensor.rows(4, 1);
      assertThat(last.getDouble((1L << 30) - 1)).isEqualTo(1.5);
      assertThat(last.reshape(Shape.of(1L << 30)).getDouble(0)).isEqualTo(1.5);
      assertThatThrownBy(tensor::toFloats).isInstanceOf(ArithmeticException.class);
    }
  }
}
