package org.t3jvm.accel.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;
import org.t3jvm.tensor.graph.Op;

/**
 * The launches of the op matrix's small cases: in F32, and of products in BF16 with either source
 * of kernels. A launch that does not fill exactly the slots of its kernel cannot be made; here all
 * kernels are launched.
 */
class LaunchSlotsTest {
  private static final long BUDGET = 1 << 24;

  /** Elements of a case; larger ones launch the same kernels. */
  private static final long MOST = 20_000;

  @Test
  void everyKernelIsLaunchedWithItsSlots() {
    Set<DeviceKernel> launched = EnumSet.noneOf(DeviceKernel.class);
    for (OpCase opCase : OpCases.forward()) {
      if (isSmall(opCase)) {
        launched.addAll(launches(opCase, Precision.F32, KernelSource.JAVA));
      }
      if (isSmall(opCase) && hasProduct(opCase)) {
        launched.addAll(launches(opCase, Precision.BF16, KernelSource.JAVA));
        launched.addAll(launches(opCase, Precision.BF16, KernelSource.LIBRARY));
      }
    }
    assertThat(launched).containsExactlyInAnyOrder(DeviceKernel.values());
  }

  private static Set<DeviceKernel> launches(
      OpCase opCase, Precision precision, KernelSource kernels) {
    FakeDevice device = new FakeDevice(BUDGET);
    device.kernels = kernels;
    try (DeviceBackend backend =
            new DeviceBackend(new DeviceSpace("opencl", device, BUDGET), precision, 1);
        Program program = backend.compile(opCase.graph(), Parameters.of(opCase.parameters()))) {
      program.run(opCase.inputs());
    }
    Set<DeviceKernel> launched = EnumSet.noneOf(DeviceKernel.class);
    for (Launch launch : device.launches) {
      launched.add(launch.kernel());
    }
    return launched;
  }

  private static boolean isSmall(OpCase opCase) {
    return opCase.graph().values().stream().mapToLong(v -> v.shape().elements()).sum() < MOST;
  }

  private static boolean hasProduct(OpCase opCase) {
    return opCase.graph().values().stream().anyMatch(value -> value.op() instanceof Op.Product);
  }
}
