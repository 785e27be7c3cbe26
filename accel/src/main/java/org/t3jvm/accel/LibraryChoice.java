package org.t3jvm.accel;

import java.util.Optional;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.KernelSource;

/**
 * Whether a device computes with NVIDIA's libraries: where it can, unless kernels are requested.
 */
final class LibraryChoice {
  private LibraryChoice() {}

  /** The libraries that a driver's devices can call. */
  static NvidiaLibraries of(Driver driver) {
    return driver == Driver.CUDA
        ? NvidiaLibraries.ofThisMachine()
        : new NvidiaLibraries.Missing("they are for backend '%s' only".formatted(Driver.CUDA.id()));
  }

  /**
   * The libraries that a device is to use, if any.
   *
   * @throws BackendException if they are requested and cannot be used
   */
  static Optional<NvidiaLibraries.Found> choose(
      String backend, DeviceInfo device, NvidiaLibraries libraries, Optional<KernelSource> asked) {
    if (asked.equals(Optional.of(KernelSource.JAVA))) {
      return Optional.empty();
    }
    Optional<String> against = against(device, libraries);
    if (against.isPresent() && asked.isPresent()) {
      throw new BackendException(
          "backend '%s' cannot use NVIDIA's libraries: %s; --kernels java needs none"
              .formatted(backend, against.get()));
    }
    return against.isEmpty() && libraries instanceof NvidiaLibraries.Found found
        ? Optional.of(found)
        : Optional.empty();
  }

  /** As {@code libraries: cuBLASLt 12.6.4, cuDNN 9.5.1}, or why there are none. */
  static String line(DeviceInfo device, NvidiaLibraries libraries) {
    Optional<String> against = against(device, libraries);
    return against.isEmpty() && libraries instanceof NvidiaLibraries.Found found
        ? "libraries: " + found.description()
        : "no libraries, kernels in Java: " + against.orElse("");
  }

  private static Optional<String> against(DeviceInfo device, NvidiaLibraries libraries) {
    return switch (libraries) {
      case NvidiaLibraries.Missing missing -> Optional.of(missing.reason());
      case NvidiaLibraries.Found found ->
          device.bf16() && device.tensorCores()
              ? Optional.empty()
              : Optional.of(device.name() + " has no tensor cores for BF16");
    };
  }
}
