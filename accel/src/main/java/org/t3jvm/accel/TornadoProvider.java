package org.t3jvm.accel;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;

/** A kind of device that TornadoVM drives. It is unavailable everywhere until kernels exist. */
abstract class TornadoProvider implements BackendProvider {
  private final String name;
  private final String needs;
  private final @Nullable String home;

  /**
   * @param needs what the device needs beside the SDK, as in "an OpenCL driver"
   * @param home the value of {@link TornadoSdk#HOME}
   */
  TornadoProvider(String name, String needs, @Nullable String home) {
    this.name = name;
    this.needs = needs;
    this.home = home;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Availability availability() {
    return new Availability.Unavailable(
        switch (TornadoSdk.locate(home)) {
          case TornadoSdk.Absent(String reason) ->
              "%s; install %s and a TornadoVM SDK for JDK 25 with its %s backend (%s), then set %s to its folder"
                  .formatted(
                      reason,
                      needs,
                      name,
                      "https://github.com/beehive-lab/TornadoVM",
                      TornadoSdk.HOME);
          case TornadoSdk.Installed installed ->
              "TornadoVM SDK found in %s, but this version has no %s kernels yet; use the cpu backend"
                  .formatted(installed.home(), name);
        });
  }

  @Override
  public final Backend open(BackendOptions options) {
    throw new BackendException(
        "backend '%s' is unavailable: %s".formatted(name, availability().description()));
  }
}
