package org.t3jvm.accel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.device.DeviceSource;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.sdk.TornadoSdk;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Precision;

/** A kind of device that TornadoVM drives. */
abstract class TornadoProvider implements BackendProvider {
  /** Share of a device's memory that is used by default; its driver and others need some too. */
  private static final double SHARE = 0.8;

  /** A device that computes on the host shares its memory with everything else. */
  private static final long HOST_BUDGET = 4L << 30;

  private static final Map<Device, DeviceSpace> SPACES = new HashMap<>();

  private final Driver driver;
  private final @Nullable String home;

  /**
   * @param home the value of {@link TornadoSdk#HOME}
   */
  TornadoProvider(Driver driver, @Nullable String home) {
    this.driver = driver;
    this.home = home;
  }

  @Override
  public final String name() {
    return driver.id();
  }

  /** Where devices come from and what they are, or why there are none. */
  private sealed interface Found {
    record Devices(DeviceSource source, List<DeviceInfo> infos) implements Found {}

    record None(String reason) implements Found {}
  }

  private Found find() {
    if (!(TornadoSdk.locate(home) instanceof TornadoSdk.Installed sdk)) {
      return new Found.None(howToInstall());
    }
    Optional<String> missing = driver.missing(sdk);
    if (missing.isPresent()) {
      return new Found.None(missing.get());
    }
    if (ModuleLayer.boot().findModule(driver.module()).isEmpty()) {
      return new Found.None(
          "this JVM was not started with TornadoVM's flags; start it by ./t3, with %s set"
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
          ? new Found.None("TornadoVM found no device of its %s backend".formatted(name()))
          : new Found.Devices(source.get(), infos);
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
            name(),
            "https://github.com/beehive-lab/TornadoVM",
            TornadoSdk.HOME);
  }

  @Override
  public final Availability availability() {
    return switch (find()) {
      case Found.None none -> new Availability.Unavailable(none.reason());
      case Found.Devices devices ->
          new Availability.Usable(
              "TornadoVM, device 0: " + devices.infos().getFirst().description());
    };
  }

  @Override
  public final List<String> diagnostics() {
    List<String> lines = new ArrayList<>();
    if (find() instanceof Found.Devices devices) {
      for (int i = 1; i < devices.infos().size(); i++) {
        lines.add("device %d: %s".formatted(i, devices.infos().get(i).description()));
      }
      if (driver == Driver.CUDA) {
        lines.add(LibraryChoice.line(devices.infos().getFirst(), LibraryChoice.of(driver)));
      }
    }
    return lines;
  }

  @Override
  public final boolean isAccelerator() {
    return find() instanceof Found.Devices devices && devices.infos().getFirst().gpu();
  }

  @Override
  public final Backend open(BackendOptions options) {
    return switch (find()) {
      case Found.None none ->
          throw new BackendException(
              "backend '%s' is unavailable: %s".formatted(name(), none.reason()));
      case Found.Devices devices -> open(devices, options);
    };
  }

  private Backend open(Found.Devices devices, BackendOptions options) {
    if (options.device() >= devices.infos().size()) {
      throw new BackendException(
          "backend '%s' has no device %d; it has %d, from 0"
              .formatted(name(), options.device(), devices.infos().size()));
    }
    DeviceInfo info = devices.infos().get(options.device());
    if (options.deviceMemory() > info.memory()) {
      throw new BackendException(
          "backend '%s' may use %d MiB of device memory, device %d has %d: %s"
              .formatted(
                  name(),
                  options.deviceMemory() >> 20,
                  options.device(),
                  info.memory() >> 20,
                  info.description()));
    }
    Precision precision = precision(info, options.precision());
    Optional<NvidiaLibraries.Found> libraries =
        LibraryChoice.choose(name(), info, LibraryChoice.of(driver), options.kernels());
    long budget = options.deviceMemory() > 0 ? options.deviceMemory() : defaultBudget(info);
    try {
      Device device = devices.source().open(driver, options.device(), budget, libraries);
      synchronized (SPACES) {
        return new DeviceBackend(
            SPACES.computeIfAbsent(device, each -> new DeviceSpace(name(), each, budget)),
            precision);
      }
    } catch (DeviceException e) {
      throw new BackendException(
          "backend '%s' cannot start: %s".formatted(name(), e.getMessage()), e);
    }
  }

  private Precision precision(DeviceInfo info, Optional<Precision> asked) {
    boolean possible = info.bf16() && info.tensorCores();
    if (!possible && asked.equals(Optional.of(Precision.BF16))) {
      throw new BackendException(
          "backend '%s' cannot multiply BF16 on %s; use --precision f32"
              .formatted(name(), info.name()));
    }
    return asked.orElse(possible ? Precision.BF16 : Precision.F32);
  }

  private static long defaultBudget(DeviceInfo info) {
    long share = (long) (info.memory() * SHARE);
    return info.gpu() ? share : Math.min(share, HOST_BUDGET);
  }
}
