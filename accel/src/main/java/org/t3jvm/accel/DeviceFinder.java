package org.t3jvm.accel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.nvidia.NvidiaLibraries;

/** Finds the devices of a backend by one runtime. */
@FunctionalInterface
interface DeviceFinder {
  /** What was found. */
  sealed interface Found {
    /**
     * Devices, in the order of their numbers.
     *
     * @param refused lines about those that cannot be used
     */
    record Devices(List<DeviceInfo> infos, List<String> refused, Access access) implements Found {}

    /** No device; a clause. */
    record None(String reason) implements Found {}
  }

  /** Tests and opens devices. */
  interface Access {
    /**
     * Floating-point operations a second that a device reached in a product, if that was measured.
     *
     * @param index its number
     * @throws DeviceException if it fails its test
     */
    OptionalDouble rate(int index);

    /**
     * Opens a device.
     *
     * @param index its number
     * @param budget bytes of its memory that may be used
     * @param libraries what computes products and attention, or nothing for kernels in Java
     * @throws DeviceException if it cannot start
     */
    Device open(int index, long budget, Optional<NvidiaLibraries.Found> libraries);
  }

  /** The devices, or why there are none; never throws. */
  Found find();
}
