package org.t3jvm.accel.drivers;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.ListedDevice;
import org.t3jvm.accel.nvidia.NvidiaLibraries;

/** The devices of one kind of driver. A driver is asked once in a process. */
public final class DriverDevices {
  /** What is kept of a test that was passed: the rate. */
  private static final String CHECKED = "checked";

  private record Key(int ordinal, long budget, boolean libraries) {}

  private final NativeDriver driver;
  private final ChildProbe probe;
  private final CacheFolder cache;
  private final Map<Key, Device> open = new HashMap<>();
  private final Map<Integer, Double> rates = new HashMap<>();
  private List<ListedDevice> listed = List.of();

  DriverDevices(NativeDriver driver, ChildProbe probe, CacheFolder cache) {
    this.driver = driver;
    this.probe = probe;
    this.cache = cache;
  }

  /** The devices of a driver of this machine, with the user's caches. */
  public static DriverDevices of(NativeDriver driver) {
    return new DriverDevices(driver, ChildProbe.ofThisJvm(), CacheFolder.ofUser(System.getenv()));
  }

  /**
   * All devices, GPUs first.
   *
   * @throws DeviceException if there is no driver, or it fails
   */
  public synchronized List<ListedDevice> list() {
    if (listed.isEmpty()) {
      listed =
          probe.ask(ProbeMain.LIST, driver.name()).stream()
              .map(DeviceLine::parse)
              .sorted(Comparator.comparing(device -> !device.info().gpu()))
              .toList();
    }
    return listed;
  }

  /**
   * Tests a device unless this driver of it was tested before, in a process of its own.
   *
   * @return floating-point operations a second that it reached in a product
   * @throws DeviceException if a kernel computes wrong or fails there, with its name
   */
  public synchronized double check(ListedDevice device) {
    return rates.computeIfAbsent(
        device.ordinal(),
        ordinal -> {
          CacheFolder kept =
              cache.of(device.info().name(), device.info().driver(), driver.text().fingerprint());
          return kept.read(CHECKED)
              .map(rate -> Double.parseDouble(new String(rate, StandardCharsets.UTF_8)))
              .orElseGet(() -> test(ordinal, kept));
        });
  }

  private double test(int ordinal, CacheFolder kept) {
    String rate = probe.ask(ProbeMain.CHECK, driver.name(), String.valueOf(ordinal)).getFirst();
    kept.write(CHECKED, rate.getBytes(StandardCharsets.UTF_8));
    return Double.parseDouble(rate);
  }

  /**
   * Opens a device that passes its {@link #check}. Devices live as long as the process: opening one
   * again with the same budget and libraries gives the same, with its compiled kernels.
   *
   * @param budget bytes of its memory that may be used
   * @param libraries what computes products and attention, or nothing for our kernels
   * @throws DeviceException if it does not pass, or cannot be opened
   */
  public synchronized Device open(
      ListedDevice device, long budget, Optional<NvidiaLibraries.Found> libraries) {
    double rate = check(device);
    return open.computeIfAbsent(
        new Key(device.ordinal(), budget, libraries.isPresent()),
        key -> driver.open(device.ordinal(), budget, rate, cache, libraries));
  }
}
