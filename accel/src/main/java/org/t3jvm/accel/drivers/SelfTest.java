package org.t3jvm.accel.drivers;

import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;

/**
 * Every kernel on a device, against the reference: drivers that compile a kernel wrong exist. A
 * kernel is at fault if a graph is wrong in which it is the only one that was right in no other.
 */
final class SelfTest {
  private SelfTest() {}

  /**
   * Tests a device.
   *
   * @param budget bytes of its memory that may be used
   * @return the kernels that computed right
   * @throws DeviceException if a kernel computes wrong or fails, with its name
   */
  static Set<DeviceKernel> run(Device device, long budget) {
    LaunchRecorder recorder = new LaunchRecorder(device);
    Set<DeviceKernel> right = EnumSet.noneOf(DeviceKernel.class);
    DeviceSpace space = new DeviceSpace("self-test", recorder, budget);
    try (Backend reference = Backends.named("reference").open(new BackendOptions(1));
        Backend f32 = new DeviceBackend(space, Precision.F32, 1);
        Backend bf16 = new DeviceBackend(space, Precision.BF16, 1)) {
      for (SelfTestCases.Case each : SelfTestCases.all(device.info().bf16())) {
        Tensor expected = result(reference, each);
        Set<DeviceKernel> launched;
        try {
          Tensor actual = result(each.precision() == Precision.F32 ? f32 : bf16, each);
          launched = recorder.take();
          compare(each, expected, actual, suspects(launched, right));
        } catch (BackendException e) {
          throw new DeviceException("failed its self-test: " + e.getMessage(), e);
        }
        right.addAll(launched);
      }
    }
    return right;
  }

  private static String suspects(Set<DeviceKernel> launched, Set<DeviceKernel> right) {
    Set<DeviceKernel> suspects = EnumSet.copyOf(launched);
    suspects.removeAll(right);
    return (suspects.isEmpty() ? launched : suspects)
        .stream().map(DeviceKernel::label).collect(Collectors.joining(" or "));
  }

  private static Tensor result(Backend backend, SelfTestCases.Case each) {
    try (Program program = backend.compile(each.graph(), Parameters.of(each.tensors()))) {
      return Objects.requireNonNull(program.run(Map.of()).get(SelfTestCases.RESULT));
    }
  }

  private static void compare(
      SelfTestCases.Case each, Tensor expected, Tensor actual, String kernels) {
    for (long i = 0; i < expected.shape().elements(); i++) {
      double should = expected.getDouble(i);
      double is = actual.getDouble(i);
      if (!(Math.abs(is - should) <= each.tolerance() * (1 + Math.abs(should)))) {
        throw new DeviceException(
            "failed its self-test: kernel %s computes wrong: element %d of %s is %s, should be %s"
                .formatted(kernels, i, each.graph().outputs().firstEntry().getValue(), is, should));
      }
    }
  }
}
