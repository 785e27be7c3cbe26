package org.t3jvm.accel.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.device.ListedDevice;

class DeviceLineTest {
  private static final DeviceInfo INFO =
      new DeviceInfo(
          "a GPU", "a driver", 8L << 30, 2L << 30, 1 << 15, 256, true, true, false, true);

  @Test
  void everyFieldComesBack() {
    ListedDevice usable = new ListedDevice(3, INFO, Optional.empty());
    ListedDevice refused = new ListedDevice(4, INFO, Optional.of("it is big-endian"));
    assertThat(DeviceLine.parse(DeviceLine.of(usable))).isEqualTo(usable);
    assertThat(DeviceLine.parse(DeviceLine.of(refused))).isEqualTo(refused);
  }

  @Test
  void tabsAndLinesInNamesDoNotDivideIt() {
    DeviceInfo odd = new DeviceInfo("a\tGPU\nX", "d", 1, 1, 1, 1, true, false, false, false);
    ListedDevice back = DeviceLine.parse(DeviceLine.of(new ListedDevice(0, odd, Optional.empty())));
    assertThat(back.info().name()).isEqualTo("a GPU X");
  }

  @Test
  void anotherLineIsRefused() {
    assertThatThrownBy(() -> DeviceLine.parse("0\ta GPU"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
