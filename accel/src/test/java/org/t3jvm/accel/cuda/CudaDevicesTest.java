package org.t3jvm.accel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.device.ListedDevice;
import org.t3jvm.accel.foreign.DriverException;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;

/** Devices of CUDA's driver, and each of its failures: one line that says what failed. */
class CudaDevicesTest {
  private static final long MEMORY = 16 << 20;
  private static final long BUDGET = 8 << 20;

  private final FakeCuda fake = new FakeCuda(MEMORY);

  private List<ListedDevice> list() {
    return CudaDevices.list(new Cuda(fake.stubs));
  }

  @Test
  void aDeviceIsListedWithItsLimits() {
    assertThat(list())
        .containsExactly(
            new ListedDevice(
                0,
                new DeviceInfo(
                    "a stand-in",
                    "driver of CUDA 12.4, compute capability 9.0",
                    MEMORY,
                    MEMORY,
                    49_152,
                    1024,
                    true,
                    true,
                    true,
                    true),
                Optional.empty()));
  }

  @Test
  void anOldDeviceIsRefusedAndOneWithoutBf16IsNot() {
    fake.attributes.putAll(Map.of(75, 6, 76, 1));
    assertThat(list().getFirst().refusal())
        .contains("its compute capability is 6.1, 7.5 is needed");
    fake.attributes.putAll(Map.of(75, 7, 76, 5));
    assertThat(list().getFirst().refusal()).isEmpty();
    assertThat(list().getFirst().info().bf16()).isFalse();
  }

  @Test
  void aDriverWithoutDevicesSaysSo() {
    fake.start = 100;
    assertThatThrownBy(this::list)
        .isInstanceOf(DriverException.class)
        .hasMessage("cuInit failed with CUDA_ERROR_NO_DEVICE (100) for this process");
    fake.start = 0;
    fake.devices = 0;
    assertThatThrownBy(this::list)
        .isInstanceOf(DeviceException.class)
        .hasMessage("an NVIDIA driver is installed, but lists no device");
  }

  private static Graph softmaxAndMore() {
    Tracer g = new Tracer();
    g.output("y", g.exp(g.softmax(g.input("x", DType.F32, Shape.of(5, 7)))));
    return g.graph();
  }

  private void run() {
    try (Backend backend =
            new DeviceBackend(
                new DeviceSpace("cuda", fake.device(BUDGET), BUDGET), Precision.F32, 1);
        Program program = backend.compile(softmaxAndMore(), Parameters.of(Map.of()))) {
      program.run(Map.of("x", Tensor.allocate(DType.F32, Shape.of(5, 7))));
    }
  }

  @Test
  void aDeviceThatIsLostNamesTheOpThatRan() {
    fake.failures.put("t3_softmax", 719);
    assertThatThrownBy(this::run)
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("backend 'cuda' failed at ")
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED (719)")
        .hasMessageNotContaining("\n");
  }

  @Test
  void memoryThatTheDriverDoesNotHaveIsNamed() {
    fake.taken = MEMORY - (1 << 14);
    assertThatThrownBy(this::run)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY (2)")
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatTheCompilerSaysIsPassedOn() {
    assertThatThrownBy(
            () ->
                new Cuda(fake.stubs).function(".entry t3_x(\n{ frobnicate.f32 %f1, %f2; }", "t3_x"))
        .isInstanceOf(DriverException.class)
        .hasMessage(
            "cuModuleLoadDataEx failed with CUDA_ERROR_INVALID_PTX (218) for t3_x: ptxas: unknown:"
                + " frobnicate.f32 [%f1, %f2]");
  }
}
