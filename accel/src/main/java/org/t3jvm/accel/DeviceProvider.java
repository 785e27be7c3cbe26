package org.t3jvm.accel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.t3jvm.accel.DeviceFinder.Found;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.DeviceOffer;
import org.t3jvm.tensor.backend.DeviceRuntime;
import org.t3jvm.tensor.backend.Precision;

/** A kind of GPU backend, whose devices are found and driven by one of some runtimes. */
abstract class DeviceProvider implements BackendProvider {
  /** Share of a device's memory that is used by default; its driver and others need some too. */
  private static final double SHARE = 0.8;

  /** A device that computes on the host shares its memory with everything else. */
  private static final long HOST_BUDGET = 4L << 30;

  private static final Map<Device, DeviceSpace> SPACES = new HashMap<>();

  private final Driver driver;
  private final Map<DeviceRuntime, DeviceFinder> finders;

  /**
   * @param finders by the runtimes that this backend can do with; the first of {@link
   *     DeviceRuntime}'s order is the default
   */
  DeviceProvider(Driver driver, Map<DeviceRuntime, DeviceFinder> finders) {
    this.driver = driver;
    this.finders = new EnumMap<>(finders);
  }

  @Override
  public final String name() {
    return driver.id();
  }

  private DeviceRuntime defaultRuntime() {
    return finders.keySet().iterator().next();
  }

  private Found find(DeviceRuntime runtime) {
    DeviceFinder finder = finders.get(runtime);
    return finder == null
        ? new Found.None(
            "it runs by runtime %s only, not by %s"
                .formatted(lower(defaultRuntime()), lower(runtime)))
        : finder.find();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public final Availability availability() {
    return availability(defaultRuntime());
  }

  /** Whether it can start by some runtime. */
  final Availability availability(DeviceRuntime runtime) {
    return switch (find(runtime)) {
      case Found.None none -> new Availability.Unavailable(none.reason());
      case Found.Devices devices ->
          new Availability.Usable("device 0: " + devices.infos().getFirst().description());
    };
  }

  @Override
  public final List<String> diagnostics() {
    List<String> lines = new ArrayList<>();
    if (find(defaultRuntime()) instanceof Found.Devices devices) {
      for (int i = 0; i < devices.infos().size(); i++) {
        if (i > 0) {
          lines.add("device %d: %s".formatted(i, devices.infos().get(i).description()));
        }
        lines.add("  " + devices.infos().get(i).limits());
        lines.add("  " + measured(devices.access(), i));
      }
      devices.refused().forEach(line -> lines.add("refused: " + line));
      if (driver == Driver.CUDA) {
        lines.add(LibraryChoice.line(devices.infos().getFirst(), LibraryChoice.of(driver)));
      }
    }
    return lines;
  }

  private static String measured(DeviceFinder.Access access, int index) {
    try {
      OptionalDouble rate = access.rate(index);
      return rate.isPresent()
          ? String.format(
              Locale.ROOT,
              "every kernel tested; %.1f GFLOP/s in a product",
              rate.getAsDouble() / 1e9)
          : "not measured";
    } catch (DeviceException e) {
      return "refused: " + e.getMessage();
    }
  }

  @Override
  public final List<DeviceOffer> offers() {
    List<DeviceOffer> offers = new ArrayList<>();
    if (find(defaultRuntime()) instanceof Found.Devices devices) {
      for (int i = 0; i < devices.infos().size(); i++) {
        DeviceInfo info = devices.infos().get(i);
        if (info.gpu()) {
          try {
            double rate = devices.access().rate(i).orElse(0);
            offers.add(new DeviceOffer(i, info.name(), info.memory(), rate));
          } catch (DeviceException e) {
            // Diagnostics say so.
          }
        }
      }
    }
    return offers;
  }

  @Override
  public final Backend open(BackendOptions options) {
    if (options.precision().equals(Optional.of(Precision.INT8))) {
      throw new BackendException(
          "backend '%s' has no precision int8, only backend 'cpu' has; use bf16 or f32"
              .formatted(name()));
    }
    return switch (find(options.runtime().orElse(defaultRuntime()))) {
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
      Device device = devices.access().open(options.device(), budget, libraries);
      synchronized (SPACES) {
        return new DeviceBackend(
            SPACES.computeIfAbsent(device, each -> new DeviceSpace(name(), each, budget)),
            precision,
            options.threads());
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
