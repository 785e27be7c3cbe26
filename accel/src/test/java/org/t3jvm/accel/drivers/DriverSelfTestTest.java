package org.t3jvm.accel.drivers;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.accel.cuda.FakeCuda;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.ListedDevice;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.text.KernelText;

/** The self-test on a driver of this machine, as it is and with one result changed. */
@Tag("process")
class DriverSelfTestTest {
  private static final long BUDGET = 64 << 20;

  /** Kernels whose few work groups take all there is, and which take little here. */
  private static final Set<DeviceKernel> TAKERS =
      EnumSet.of(DeviceKernel.GEMM_BF16, DeviceKernel.ATTENTION_BF16, DeviceKernel.LENGTHS);

  private final NativeDriver driver = NativeDriver.OPENCL;

  @TempDir Path cache;

  private Device device() {
    List<ListedDevice> devices;
    try {
      devices = driver.list();
    } catch (DeviceException e) {
      Assumptions.abort("no OpenCL device: " + e.getMessage());
      throw e;
    }
    return driver.open(
        devices.getFirst().ordinal(),
        BUDGET,
        NativeDriver.UNKNOWN_RATE,
        CacheFolder.in(cache),
        Optional.empty());
  }

  @Test
  void runsEveryKernelThatThereIsTextOf() {
    assertThat(SelfTest.run(device(), BUDGET))
        .containsExactlyInAnyOrderElementsOf(driver.text().kernels());
  }

  @Test
  void oneWrongResultRefusesTheDeviceByTheNameOfTheKernel() {
    for (DeviceKernel kernel : List.of(DeviceKernel.GEMM, DeviceKernel.ROPE)) {
      assertThatThrownBy(() -> SelfTest.run(flipping(device(), kernel), BUDGET))
          .isInstanceOf(DeviceException.class)
          .hasMessageStartingWith(
              "failed its self-test: kernel %s computes wrong: element 0 of"
                  .formatted(kernel.label()));
    }
  }

  @Test
  void runsEveryKernelOnTheStandInOfCuda() {
    Set<DeviceKernel> kernels = EnumSet.copyOf(KernelText.CUDA.kernels());
    kernels.removeAll(
        List.of(DeviceKernel.GATHER_ROWS, DeviceKernel.SCATTER_ROWS, DeviceKernel.AVERAGE_ROWS));
    assertThat(SelfTest.run(new FakeCuda(2 * BUDGET).device(BUDGET), BUDGET))
        .containsExactlyInAnyOrderElementsOf(kernels);
  }

  /** Two work groups along y and z at most, and parts of a thousand operations. */
  @Test
  void everyKernelComputesTheSameInParts() {
    FakeCuda whole = new FakeCuda(2 * BUDGET);
    Set<DeviceKernel> kernels = SelfTest.run(whole.device(BUDGET), BUDGET);
    FakeCuda parts = new FakeCuda(2 * BUDGET);
    parts.limit(2, 1000);
    assertThat(SelfTest.run(parts.device(BUDGET), BUDGET)).isEqualTo(kernels);
    for (DeviceKernel kernel : kernels) {
      if (!TAKERS.contains(kernel)) {
        assertThat(parts.launches(kernel.entry()))
            .as("launches of %s", kernel.label())
            .isGreaterThan(whole.launches(kernel.entry()));
      }
    }
  }

  @Test
  void aDriverOfCudaThatComputesWrongIsRefusedByTheNameOfTheKernel() {
    for (DeviceKernel kernel : List.of(DeviceKernel.SOFTMAX, DeviceKernel.GEMM)) {
      FakeCuda fake = new FakeCuda(2 * BUDGET);
      fake.computesWrong(kernel.entry());
      assertThatThrownBy(() -> SelfTest.run(fake.device(BUDGET), BUDGET))
          .isInstanceOf(DeviceException.class)
          .hasMessageStartingWith(
              "failed its self-test: kernel %s computes wrong: element 0 of"
                  .formatted(kernel.label()));
    }
  }

  /** A device of whose results, where a kernel ran last, the first one is off by one. */
  private static Device flipping(Device device, DeviceKernel kernel) {
    List<Launch> launches = new ArrayList<>();
    return (Device)
        Proxy.newProxyInstance(
            Device.class.getClassLoader(),
            new Class<?>[] {Device.class},
            (proxy, method, arguments) -> {
              Object result;
              try {
                result = method.invoke(device, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals("run")) {
                launches.add((Launch) arguments[0]);
              }
              if (method.getName().equals("staging") && fetched(launches, kernel)) {
                MemorySegment fetched = (MemorySegment) result;
                fetched.set(JAVA_FLOAT_UNALIGNED, 0, fetched.get(JAVA_FLOAT_UNALIGNED, 0) + 1);
                launches.clear();
              }
              return result;
            });
  }

  private static boolean fetched(List<Launch> launches, DeviceKernel kernel) {
    return launches.size() > 1
        && launches.getLast().banks().getFirst().kind().isStaging()
        && launches.get(launches.size() - 2).kernel() == kernel;
  }
}
