package org.t3jvm.accel;

import java.util.List;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.ListedDevice;
import org.t3jvm.accel.drivers.DriverDevices;

/** Finds devices by their drivers alone. */
record DriverFinder(DriverDevices devices) implements DeviceFinder {
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
              (index, budget, libraries) -> devices.open(usable.get(index), budget));
    } catch (DeviceException e) {
      return new Found.None(String.valueOf(e.getMessage()));
    }
  }
}
