package org.t3jvm.accel;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.drivers.DriverDevices;
import org.t3jvm.accel.drivers.NativeDriver;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;
import org.t3jvm.tensor.backend.DeviceRuntime;

/** GPUs of any maker through OpenCL. */
public final class OpenClProvider extends DeviceProvider {
  private static final DriverDevices DEVICES = DriverDevices.of(NativeDriver.OPENCL);

  /** For {@link java.util.ServiceLoader}. */
  public OpenClProvider() {
    this(DEVICES, System.getenv(TornadoSdk.HOME));
  }

  OpenClProvider(DriverDevices devices, @Nullable String home) {
    super(
        Driver.OPENCL,
        Map.of(
            DeviceRuntime.DRIVER,
            new DriverFinder(devices),
            DeviceRuntime.TORNADO,
            new TornadoFinder(Driver.OPENCL, home)));
  }
}
