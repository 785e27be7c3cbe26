package org.t3jvm.accel.sdk;

import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.nvidia.NvidiaLibraries;

/**
 * Finds and opens devices. Its only implementation is compiled against TornadoVM, so that it is
 * missing where the build found no SDK; it is found by {@link java.util.ServiceLoader}.
 */
public interface DeviceSource {
  /**
   * The devices of a driver, in the driver's order.
   *
   * @throws DeviceException if the driver cannot start
   */
  List<DeviceInfo> devices(Driver driver);

  /**
   * Opens a device. Devices live as long as the process: opening one again with the same budget
   * gives the same, with its compiled kernels.
   *
   * @param index number of the device, from 0
   * @param budget bytes of its memory that may be used
   * @param libraries what computes products and attention, or nothing for kernels in Java
   */
  Device open(Driver driver, int index, long budget, Optional<NvidiaLibraries.Found> libraries);
}
