package org.t3jvm.accel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.sdk.DeviceSource;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;

/**
 * Finds the devices of a driver of TornadoVM.
 *
 * @param home the value of {@link TornadoSdk#HOME}
 */
record TornadoFinder(Driver driver, @Nullable String home) implements DeviceFinder {
  private record TornadoAccess(Driver driver, DeviceSource source) implements Access {
    @Override
    public OptionalDouble rate(int index) {
      return OptionalDouble.empty();
    }

    @Override
    public Device open(int index, long budget, Optional<NvidiaLibraries.Found> libraries) {
      return source.open(driver, index, budget, libraries);
    }
  }

  @Override
  public Found find() {
    if (!(TornadoSdk.locate(home) instanceof TornadoSdk.Installed sdk)) {
      return new Found.None(howToInstall());
    }
    Optional<String> missing = driver.missing(sdk);
    if (missing.isPresent()) {
      return new Found.None(missing.get());
    }
    if (ModuleLayer.boot().findModule(driver.module()).isEmpty()) {
      return new Found.None(
          "this JVM was not started with TornadoVM's flags; start it by ./t3 with --runtime tornado, with %s set"
              .formatted(TornadoSdk.HOME));
    }
    Optional<DeviceSource> source = ServiceLoader.load(DeviceSource.class).findFirst();
    if (source.isEmpty()) {
      return new Found.None(
          "this build has no kernels for it, since it found no SDK; build again with %s set"
              .formatted(TornadoSdk.HOME));
    }
    try {
      List<DeviceInfo> infos = source.get().devices(driver);
      return infos.isEmpty()
          ? new Found.None("TornadoVM found no device of its %s backend".formatted(driver.id()))
          : new Found.Devices(infos, List.of(), new TornadoAccess(driver, source.get()));
    } catch (DeviceException e) {
      return new Found.None(String.valueOf(e.getMessage()));
    }
  }

  private String howToInstall() {
    String reason =
        TornadoSdk.locate(home) instanceof TornadoSdk.Absent absent ? absent.reason() : "";
    return "%s; install %s and a TornadoVM SDK for JDK 25 with its %s backend (%s), then set %s to its folder"
        .formatted(
            reason,
            driver.needs(),
            driver.id(),
            "https://github.com/beehive-lab/TornadoVM",
            TornadoSdk.HOME);
  }
}
