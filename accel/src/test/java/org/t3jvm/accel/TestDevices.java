package org.t3jvm.accel;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.DeviceRuntime;

/** A backend that can start here by a runtime, and its name in messages. */
record TestDevices(DeviceProvider provider, DeviceRuntime runtime) {
  /** All of them. */
  static List<TestDevices> usable() {
    return Stream.of(new OpenClProvider(), new PtxProvider(), new CudaProvider())
        .flatMap(
            provider ->
                Arrays.stream(DeviceRuntime.values())
                    .map(runtime -> new TestDevices(provider, runtime)))
        .filter(each -> each.availability() instanceof Availability.Usable)
        .toList();
  }

  private Availability availability() {
    return provider.availability(runtime);
  }

  Backend open(BackendOptions options) {
    return provider.open(options.with(runtime));
  }

  @Override
  public String toString() {
    return provider.name() + " by " + runtime;
  }
}
