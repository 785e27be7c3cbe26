package org.t3jvm.accel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.ListedDevice;
import org.t3jvm.accel.drivers.DriverDevices;
import org.t3jvm.accel.nvidia.NvidiaLibraries;

/** Finds devices by their drivers alone. */
record DriverFinder(DriverDevices devices) implements DeviceFinder {
  private record DriverAccess(DriverDevices devices, List<ListedDevice> listed) implements Access {
    @Override
    public OptionalDouble rate(int index) {
      return OptionalDouble.of(devices.check(listed.get(index)));
    }

    @Override
    public Device open(int index, long budget, Optional<NvidiaLibraries.Found> libraries) {
      return devices.open(listed.get(index), budget, libraries);
    }
  }

  @Override
  public Found find() {
    try {
      List<ListedDevice> all = devices.list();
      List<ListedDevice> usable =
          all.stream().filter(device -> device.refusal().isEmpty()).toList();
      List<String> refused =
          all.stream()
              .filter(device -> device.refusal().isPresent())
              .map(device -> device.info().name() + ": " + device.refusal().orElseThrow())
              .toList();
      return usable.isEmpty()
          ? new Found.None(String.join("; ", refused))
          : new Found.Devices(
              usable.stream().map(ListedDevice::info).toList(),
              refused,
              new DriverAccess(devices, usable));
    } catch (DeviceException e) {
      return new Found.None(String.valueOf(e.getMessage()));
    }
  }
}
