package org.t3jvm.accel.tornado;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.accel.device.DeviceInfo;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** What TornadoVM says of a device. */
final class Descriptions {
  /** NVIDIA's compute capability: BF16 and its tensor cores came with 8.0. */
  private static final Pattern CAPABILITY = Pattern.compile("(\\d+)\\.(\\d+)");

  private static final int BF16_SINCE = 8;
  private static final int TENSOR_CORES_SINCE = 7;

  private Descriptions() {}

  static DeviceInfo of(TornadoDevice device) {
    String details = String.valueOf(device.getPhysicalDevice().getDeviceInfo());
    boolean nvidia = device.getTornadoVMBackend() != TornadoVMBackendType.OPENCL;
    int capability = nvidia ? capability(details) : 0;
    boolean openClHalfs = details.toLowerCase(Locale.ROOT).contains("cl_khr_fp16");
    return new DeviceInfo(
        device.getPhysicalDevice().getDeviceName(),
        device.getMaxGlobalMemory(),
        device.getMaxAllocMemory(),
        device.getDeviceType() == TornadoDeviceType.GPU,
        nvidia || openClHalfs,
        capability >= BF16_SINCE,
        capability >= TENSOR_CORES_SINCE);
  }

  private static int capability(String details) {
    Matcher matcher = CAPABILITY.matcher(details);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
