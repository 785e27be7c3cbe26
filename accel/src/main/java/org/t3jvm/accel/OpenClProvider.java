package org.t3jvm.accel;

import org.jspecify.annotations.Nullable;

/** GPUs of any maker through OpenCL. */
public final class OpenClProvider extends TornadoProvider {
  /** For {@link java.util.ServiceLoader}. */
  public OpenClProvider() {
    this(System.getenv(TornadoSdk.HOME));
  }

  OpenClProvider(@Nullable String home) {
    super("opencl", "an OpenCL driver", home);
  }
}
