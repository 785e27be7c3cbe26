package org.t3jvm.accel;

import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;

/** NVIDIA GPUs through CUDA C and NVIDIA's libraries. */
public final class CudaProvider extends TornadoProvider {
  /** For {@link java.util.ServiceLoader}. */
  public CudaProvider() {
    this(System.getenv(TornadoSdk.HOME));
  }

  CudaProvider(@Nullable String home) {
    super(Driver.CUDA, home);
  }
}
