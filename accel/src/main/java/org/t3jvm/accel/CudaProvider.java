package org.t3jvm.accel;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;
import org.t3jvm.tensor.backend.DeviceRuntime;

/** NVIDIA GPUs through CUDA C and NVIDIA's libraries. */
public final class CudaProvider extends DeviceProvider {
  /** For {@link java.util.ServiceLoader}. */
  public CudaProvider() {
    this(System.getenv(TornadoSdk.HOME));
  }

  CudaProvider(@Nullable String home) {
    super(Driver.CUDA, Map.of(DeviceRuntime.TORNADO, new TornadoFinder(Driver.CUDA, home)));
  }
}
