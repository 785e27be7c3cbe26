package org.t3jvm.accel;

import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;

/** GPUs of any maker through OpenCL. */
public final class OpenClProvider extends TornadoProvider {
  /** For {@link java.util.ServiceLoader}. */
  public OpenClProvider() {
    this(System.getenv(TornadoSdk.HOME));
  }

  OpenClProvider(@Nullable String home) {
    super(Driver.OPENCL, home);
  }
}
