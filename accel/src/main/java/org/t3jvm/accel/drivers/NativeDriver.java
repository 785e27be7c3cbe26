package org.t3jvm.accel.drivers;

import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.cuda.CudaDevices;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.ListedDevice;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.opencl.ClDevices;
import org.t3jvm.accel.text.KernelText;

/** A kind of driver that runs the generated text. */
public enum NativeDriver {
  OPENCL(KernelText.OPENCL) {
    @Override
    List<ListedDevice> list() {
      return ClDevices.list();
    }

    @Override
    Device open(
        int ordinal,
        long budget,
        double rate,
        CacheFolder cache,
        Optional<NvidiaLibraries.Found> libraries) {
      return ClDevices.open(ordinal, budget, rate, cache);
    }
  },

  CUDA(KernelText.CUDA) {
    @Override
    List<ListedDevice> list() {
      return CudaDevices.list();
    }

    @Override
    Device open(
        int ordinal,
        long budget,
        double rate,
        CacheFolder cache,
        Optional<NvidiaLibraries.Found> libraries) {
      return CudaDevices.open(ordinal, budget, rate, libraries);
    }
  };

  /** Of a device that was not measured yet. */
  static final double UNKNOWN_RATE = Double.POSITIVE_INFINITY;

  private final KernelText text;

  NativeDriver(KernelText text) {
    this.text = text;
  }

  /** What it compiles. */
  KernelText text() {
    return text;
  }

  /**
   * The devices, asked for in this process.
   *
   * @throws DeviceException if there is no driver, or it fails
   */
  abstract List<ListedDevice> list();

  /**
   * Opens a device.
   *
   * @param ordinal its {@link ListedDevice#ordinal()}
   * @param budget bytes of its memory that may be used
   * @param rate floating-point operations a second that it reaches in products; {@link
   *     #UNKNOWN_RATE} runs every launch in one part
   * @param cache where compiled kernels are kept, if the driver does not keep them itself
   * @param libraries what computes products and attention, or nothing for our kernels
   */
  abstract Device open(
      int ordinal,
      long budget,
      double rate,
      CacheFolder cache,
      Optional<NvidiaLibraries.Found> libraries);
}
