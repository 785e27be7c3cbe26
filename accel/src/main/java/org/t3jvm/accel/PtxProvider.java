package org.t3jvm.accel;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;
import org.t3jvm.tensor.backend.DeviceRuntime;

/** NVIDIA GPUs through PTX. */
public final class PtxProvider extends DeviceProvider {
  /** For {@link java.util.ServiceLoader}. */
  public PtxProvider() {
    this(System.getenv(TornadoSdk.HOME));
  }

  PtxProvider(@Nullable String home) {
    super(Driver.PTX, Map.of(DeviceRuntime.TORNADO, new TornadoFinder(Driver.PTX, home)));
  }
}
