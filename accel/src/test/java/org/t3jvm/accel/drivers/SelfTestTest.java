package org.t3jvm.accel.drivers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.run.FakeDevice;

class SelfTestTest {
  private static final long BUDGET = 64 << 20;

  @Test
  void aDeviceThatComputesNothingIsRefusedByTheNameOfTheKernel() {
    assertThatThrownBy(() -> SelfTest.run(new FakeDevice(BUDGET), BUDGET))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith(
            "failed its self-test: kernel %s computes wrong: element 0 of cast#1 F64 [3, 35] is 7"
                .formatted(DeviceKernel.COPY.label()))
        .hasMessageNotContaining("\n");
  }
}
