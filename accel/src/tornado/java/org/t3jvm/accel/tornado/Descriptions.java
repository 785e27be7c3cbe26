package org.t3jvm.accel.tornado;

import java.util.Locale;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.sdk.CudaCapability;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** Descriptions of devices by TornadoVM. */
final class Descriptions {
  private Descriptions() {}

  /**
   * @param index number of the device of its backend
   */
  static DeviceInfo of(TornadoDevice device, int index) {
    String details = String.valueOf(device.getPhysicalDevice().getDeviceInfo());
    boolean nvidia = device.getTornadoVMBackend() != TornadoVMBackendType.OPENCL;
    CudaCapability capability = nvidia ? CudaCapability.of(index) : new CudaCapability(0, 0);
    boolean cuda = device.getTornadoVMBackend() == TornadoVMBackendType.CUDA;
    boolean openClHalfs = details.toLowerCase(Locale.ROOT).contains("cl_khr_fp16");
    return new DeviceInfo(
        device.getPhysicalDevice().getDeviceName(),
        "TornadoVM",
        device.getMaxGlobalMemory(),
        device.getMaxAllocMemory(),
        device.getDeviceLocalMemorySize(),
        device.getDeviceMaxWorkgroupDimensions()[0],
        device.getDeviceType() == TornadoDeviceType.GPU,
        nvidia || openClHalfs,
        cuda && capability.hasBf16(),
        capability.hasTensorCores());
  }
}
