package org.t3jvm.accel;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.drivers.DriverDevices;
import org.t3jvm.accel.drivers.NativeDriver;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;
import org.t3jvm.tensor.backend.DeviceRuntime;

/** NVIDIA GPUs through CUDA, and NVIDIA's libraries where they are installed. */
public final class CudaProvider extends DeviceProvider {
  private static final DriverDevices DEVICES = DriverDevices.of(NativeDriver.CUDA);

  /** For {@link java.util.ServiceLoader}. */
  public CudaProvider() {
    this(DEVICES, System.getenv(TornadoSdk.HOME));
  }

  CudaProvider(DriverDevices devices, @Nullable String home) {
    super(
        Driver.CUDA,
        Map.of(
            DeviceRuntime.DRIVER,
            new DriverFinder(devices),
            DeviceRuntime.TORNADO,
            new TornadoFinder(Driver.CUDA, home)));
  }
}
