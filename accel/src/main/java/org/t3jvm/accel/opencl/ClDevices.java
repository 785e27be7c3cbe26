package org.t3jvm.accel.opencl;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.device.ListedDevice;
import org.t3jvm.accel.foreign.SystemLibrary;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.accel.queue.LaunchLimits;
import org.t3jvm.accel.queue.LoadedKernels;
import org.t3jvm.accel.queue.QueuedDevice;
import org.t3jvm.accel.text.KernelText;
import org.t3jvm.tensor.backend.KernelSource;

/** The devices of all OpenCL drivers that are installed. */
public final class ClDevices {
  private static final int PLATFORM_NAME = 0x0902;
  private static final int TYPE = 0x1000;
  private static final int GROUP = 0x1004;
  private static final int ADDRESS_BITS = 0x100D;
  private static final int LARGEST_ALLOCATION = 0x1010;
  private static final int MEMORY = 0x101F;
  private static final int LOCAL_MEMORY = 0x1023;
  private static final int LITTLE_ENDIAN = 0x1026;
  private static final int AVAILABLE = 0x1027;
  private static final int COMPILER = 0x1028;
  private static final int NAME = 0x102B;
  private static final int DRIVER_VERSION = 0x102D;
  private static final int VERSION = 0x102F;
  private static final int EXTENSIONS = 0x1030;

  private static final long GPU = 4;

  private record Handle(MemorySegment platform, MemorySegment device) {}

  private ClDevices() {}

  /**
   * All devices, also those that cannot compute.
   *
   * @throws DeviceException if there is no driver, or one fails
   */
  public static List<ListedDevice> list() {
    try {
      OpenCl cl = load();
      List<ListedDevice> listed = new ArrayList<>();
      for (Handle handle : handles(cl)) {
        listed.add(
            new ListedDevice(listed.size(), describe(cl, handle), refusal(cl, handle.device())));
      }
      return listed;
    } catch (ClException e) {
      throw new DeviceException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Opens a device.
   *
   * @param ordinal its {@link ListedDevice#ordinal()}
   * @param budget bytes of its memory that may be used
   * @param rate floating-point operations a second that it reaches in products
   * @param cache where compiled kernels are kept
   */
  public static Device open(int ordinal, long budget, double rate, CacheFolder cache) {
    try {
      OpenCl cl = load();
      Handle handle = handles(cl).get(ordinal);
      DeviceInfo info = describe(cl, handle);
      // No driver says whether a watchdog ends kernels; none does on processors.
      LaunchLimits limits = info.gpu() ? LaunchLimits.NONE.within(rate) : LaunchLimits.NONE;
      return open(cl, handle.device(), info, budget, limits, cache);
    } catch (ClException e) {
      throw new DeviceException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Device open(
      OpenCl cl,
      MemorySegment device,
      DeviceInfo info,
      long budget,
      LaunchLimits limits,
      CacheFolder cache) {
    MemorySegment context = cl.context(device);
    CacheFolder compiled = cache.of(info.name(), info.driver(), KernelText.OPENCL.fingerprint());
    LoadedKernels kernels = new LoadedKernels(new ClKernels(cl, context, device, compiled)::load);
    return new QueuedDevice(
        info,
        KernelSource.JAVA,
        new ClQueue(cl, context, device, kernels, limits),
        kernels,
        BankSizes.ofDevice(budget, info.largestAllocation()));
  }

  private static OpenCl load() {
    return OpenCl.load().orElseThrow(() -> new DeviceException(SystemLibrary.OPENCL.missing()));
  }

  private static List<Handle> handles(OpenCl cl) {
    List<Handle> handles = new ArrayList<>();
    for (MemorySegment platform : cl.platforms()) {
      for (MemorySegment device : cl.devices(platform)) {
        handles.add(new Handle(platform, device));
      }
    }
    if (handles.isEmpty()) {
      throw new DeviceException(
          "OpenCL is installed, but no driver of it lists a device: install the device's driver");
    }
    return handles;
  }

  private static DeviceInfo describe(OpenCl cl, Handle handle) {
    MemorySegment device = handle.device();
    String driver =
        "%s, %s, driver %s"
            .formatted(
                cl.platformText(handle.platform(), PLATFORM_NAME),
                cl.deviceText(device, VERSION),
                cl.deviceText(device, DRIVER_VERSION));
    boolean gpu = (cl.deviceNumber(device, TYPE) & GPU) != 0;
    return new DeviceInfo(
        cl.deviceText(device, NAME),
        driver,
        cl.deviceNumber(device, MEMORY),
        cl.deviceNumber(device, LARGEST_ALLOCATION),
        cl.deviceNumber(device, LOCAL_MEMORY),
        cl.deviceNumber(device, GROUP),
        gpu,
        cl.deviceText(device, EXTENSIONS).contains("cl_khr_fp16"),
        false,
        false);
  }

  /** Why a device cannot run the kernels, or nothing. */
  private static Optional<String> refusal(OpenCl cl, MemorySegment device) {
    if (cl.deviceNumber(device, AVAILABLE) == 0 || cl.deviceNumber(device, COMPILER) == 0) {
      return Optional.of("its driver has no compiler or is not available");
    }
    if (cl.deviceText(device, VERSION).startsWith("OpenCL 1.0")) {
      return Optional.of("it is of OpenCL 1.0, 1.1 is needed");
    }
    if (cl.deviceNumber(device, ADDRESS_BITS) != Long.SIZE) {
      return Optional.of("its addresses have 32 bits, 64 are needed");
    }
    if (cl.deviceNumber(device, LITTLE_ENDIAN) == 0) {
      return Optional.of("it is big-endian");
    }
    for (DeviceKernel kernel : KernelText.OPENCL.kernels()) {
      if (kernel.group() > cl.deviceNumber(device, GROUP)) {
        return Optional.of(
            "its work groups have at most %d threads, kernel %s needs %d"
                .formatted(cl.deviceNumber(device, GROUP), kernel.label(), kernel.group()));
      }
      if (kernel.localBytes() > cl.deviceNumber(device, LOCAL_MEMORY)) {
        return Optional.of(
            "its work groups share %d bytes, kernel %s needs %d"
                .formatted(
                    cl.deviceNumber(device, LOCAL_MEMORY), kernel.label(), kernel.localBytes()));
      }
    }
    return Optional.empty();
  }
}
