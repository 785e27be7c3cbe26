package org.t3jvm.accel.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.device.DeviceException;

/** What a driver can do to the process that asks it, and what is left of that: one line. */
@Tag("process")
class ChildProbeTest {
  @TempDir Path cache;

  private static ChildProbe probe(String driver, Duration patience) {
    return new ChildProbe(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+SuppressFatalErrorMessage",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ProbedDriver.class.getName(),
            driver),
        patience);
  }

  @ParameterizedTest
  @CsvSource({
    "crashes, the driver crashed when it was asked (signal",
    "ends, the driver ended the process that asked it (status 3)",
    "fails, the driver has no device"
  })
  void aDriverThatFailsCostsOneLine(String driver, String line) {
    DriverDevices devices =
        new DriverDevices(
            NativeDriver.OPENCL, probe(driver, Duration.ofMinutes(1)), CacheFolder.in(cache));
    assertThatThrownBy(devices::list)
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith(line)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aDriverThatHangsIsGivenUp() {
    assertThatThrownBy(() -> probe("hangs", Duration.ofSeconds(1)).ask("list"))
        .isInstanceOf(DeviceException.class)
        .hasMessage("the driver gave no answer within 1 s");
  }

  @Test
  void theProcessOfThisJvmAnswers() {
    try {
      assertThat(ChildProbe.ofThisJvm().ask(ProbeMain.LIST, NativeDriver.OPENCL.name()))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(DeviceLine.parse(line).info().memory()).isPositive());
    } catch (DeviceException e) {
      assertThat(e.getMessage()).startsWith("OpenCL is ");
    }
  }
}
