package org.t3jvm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One-byte floats against the format's definition. */
class Float8Test {
  @ParameterizedTest
  @CsvSource({
    "0x00, 0",
    "0x01, 0.001953125",
    "0x07, 0.013671875",
    "0x08, 0.015625",
    "0x38, 1",
    "0x39, 1.125",
    "0x7E, 448",
    "0xB8, -1",
    "0xFE, -448",
    "0x40, 2",
    "0x30, 0.5"
  })
  void bitsMeanTheseNumbers(String bits, float value) {
    byte code = (byte) (int) Integer.decode(bits);
    assertThat(Float8.toFloat(code)).isEqualTo(value);
    assertThat(Float8.fromFloat(value)).isEqualTo(code);
  }

  @Test
  void everyNumberComesBackAndMiddlesGoToTheEven() {
    for (int bits = 0; bits < 256; bits++) {
      float value = Float8.toFloat((byte) bits);
      assertThat(Float8.fromFloat(value)).as("0x%02X", bits).isEqualTo(fold(bits));
      if ((bits & 0x7F) < 0x7E) {
        float middle = (value + Float8.toFloat((byte) (bits + 1))) / 2;
        int even = (bits & 1) == 0 ? bits : bits + 1;
        assertThat(Float8.fromFloat(middle)).as("after 0x%02X", bits).isEqualTo((byte) even);
        assertThat(Float8.fromFloat(Math.nextAfter(middle, value))).isEqualTo((byte) bits);
      }
    }
    assertThat(Float8.fromFloat(464)).isEqualTo((byte) 0x7E);
    assertThat(Float8.fromFloat(465)).isEqualTo((byte) 0x7F);
    assertThat(Float8.fromFloat(Float.NEGATIVE_INFINITY)).isEqualTo((byte) 0xFF);
  }

  /** A NaN's sign is not kept by every operation. */
  private static byte fold(int bits) {
    return (bits & 0x7F) == 0x7F ? Float8.fromFloat(Float8.toFloat((byte) bits)) : (byte) bits;
  }
}
