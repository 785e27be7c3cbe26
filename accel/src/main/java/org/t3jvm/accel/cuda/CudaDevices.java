package org.t3jvm.accel.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.device.ListedDevice;
import org.t3jvm.accel.foreign.DriverException;
import org.t3jvm.accel.foreign.SystemLibrary;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.accel.nvidia.NvidiaKernels;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.queue.LaunchLimits;
import org.t3jvm.accel.queue.LoadedKernels;
import org.t3jvm.accel.queue.QueuedDevice;
import org.t3jvm.accel.text.KernelText;
import org.t3jvm.tensor.backend.KernelSource;

/** The devices of CUDA's driver. */
public final class CudaDevices {
  private static final int GROUP = 1;
  private static final int GROUPS_Y = 6;
  private static final int GROUPS_Z = 7;
  private static final int LOCAL_MEMORY = 8;
  private static final int WATCHDOG = 17;
  private static final int MAJOR = 75;
  private static final int MINOR = 76;
  private static final int FUNCTION_GROUP = 0;

  /** The least compute capability that the F32 kernels are compiled for, as 10 major + minor. */
  private static final int LEAST = 75;

  /** That of BF16 and of tensor cores for it. */
  private static final int BF16 = 80;

  private CudaDevices() {}

  /**
   * All devices, also those that cannot compute.
   *
   * @throws DeviceException if there is no driver, or it fails
   */
  public static List<ListedDevice> list() {
    try {
      return list(load());
    } catch (DriverException e) {
      throw new DeviceException("an NVIDIA driver is installed, but " + e.getMessage(), e);
    }
  }

  private static Cuda load() {
    return Cuda.load().orElseThrow(() -> new DeviceException(SystemLibrary.CUDA.missing()));
  }

  static List<ListedDevice> list(Cuda cuda) {
    List<ListedDevice> listed = new ArrayList<>();
    for (int i = 0; i < cuda.devices(); i++) {
      listed.add(new ListedDevice(i, describe(cuda, i), refusal(cuda, i)));
    }
    if (listed.isEmpty()) {
      throw new DeviceException("an NVIDIA driver is installed, but lists no device");
    }
    return listed;
  }

  /**
   * Opens a device.
   *
   * @param ordinal its {@link ListedDevice#ordinal()}
   * @param budget bytes of its memory that may be used
   * @param rate floating-point operations a second that it reaches in products
   * @param libraries what computes products and attention, or nothing for our kernels
   */
  public static Device open(
      int ordinal, long budget, double rate, Optional<NvidiaLibraries.Found> libraries) {
    try {
      return open(load(), ordinal, budget, rate, libraries);
    } catch (DriverException e) {
      throw new DeviceException(String.valueOf(e.getMessage()), e);
    }
  }

  static Device open(
      Cuda cuda, int ordinal, long budget, double rate, Optional<NvidiaLibraries.Found> libraries) {
    DeviceInfo info = describe(cuda, ordinal);
    long context = cuda.context(ordinal);
    LoadedKernels kernels = new LoadedKernels(kernel -> function(cuda, kernel));
    List<Bank> banks = new ArrayList<>(BankSizes.ofDevice(budget, info.largestAllocation()));
    if (info.bf16()) {
      banks.addAll(BankSizes.scratch());
    }
    return new QueuedDevice(
        info,
        libraries.isPresent() ? KernelSource.LIBRARY : KernelSource.JAVA,
        new CudaQueue(
            cuda, context, kernels, limits(cuda, ordinal, rate), libraries.map(NvidiaKernels::new)),
        kernels,
        banks);
  }

  private static LaunchLimits limits(Cuda cuda, int device, double rate) {
    LaunchLimits grid =
        new LaunchLimits(
            cuda.attribute(device, GROUPS_Y),
            cuda.attribute(device, GROUPS_Z),
            LaunchLimits.NONE.operations());
    return cuda.attribute(device, WATCHDOG) == 0 ? grid : grid.within(rate);
  }

  private static MemorySegment function(Cuda cuda, DeviceKernel kernel) {
    long function = cuda.function(KernelText.CUDA.of(kernel), kernel.entry());
    LoadedKernels.requireGroup(kernel, cuda.functionAttribute(function, FUNCTION_GROUP));
    return MemorySegment.ofAddress(function);
  }

  private static int capability(Cuda cuda, int device) {
    return 10 * cuda.attribute(device, MAJOR) + cuda.attribute(device, MINOR);
  }

  private static DeviceInfo describe(Cuda cuda, int device) {
    int capability = capability(cuda, device);
    int version = cuda.version();
    long memory = cuda.memory(device);
    return new DeviceInfo(
        cuda.name(device),
        "driver of CUDA %d.%d, compute capability %d.%d"
            .formatted(version / 1000, version % 1000 / 10, capability / 10, capability % 10),
        memory,
        memory,
        cuda.attribute(device, LOCAL_MEMORY),
        cuda.attribute(device, GROUP),
        true,
        true,
        capability >= BF16,
        capability >= BF16);
  }

  /** Why a device cannot run the kernels, or nothing. */
  private static Optional<String> refusal(Cuda cuda, int device) {
    int capability = capability(cuda, device);
    return capability >= LEAST
        ? Optional.empty()
        : Optional.of(
            "its compute capability is %d.%d, 7.5 is needed"
                .formatted(capability / 10, capability % 10));
  }
}
