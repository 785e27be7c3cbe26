package org.t3jvm.accel;

import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;

/** NVIDIA GPUs through PTX. */
public final class PtxProvider extends TornadoProvider {
  /** For {@link java.util.ServiceLoader}. */
  public PtxProvider() {
    this(System.getenv(TornadoSdk.HOME));
  }

  PtxProvider(@Nullable String home) {
    super(Driver.PTX, home);
  }
}
