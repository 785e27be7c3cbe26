package org.t3jvm.tensor.backend;

import java.util.Optional;

/**
 * Settings for opening a backend.
 *
 * @param threads worker threads of a CPU backend, at least 1
 * @param device which device of a GPU backend, from 0, in the order of its provider
 * @param deviceMemory bytes of device memory that a GPU backend may use, or 0 for its default
 * @param kernels what a GPU backend computes products and attention with; nothing for libraries
 *     where it can use them
 * @param precision what the operands of products are rounded to; nothing for BF16 where a GPU
 *     backend's device multiplies that, else F32
 * @param runtime what starts the kernels of a GPU backend; nothing for the driver where the backend
 *     can do with that
 */
public record BackendOptions(
    int threads,
    int device,
    long deviceMemory,
    Optional<KernelSource> kernels,
    Optional<Precision> precision,
    Optional<DeviceRuntime> runtime) {
  public BackendOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    if (device < 0) {
      throw new IllegalArgumentException("device must be at least 0, not " + device);
    }
    if (deviceMemory < 0) {
      throw new IllegalArgumentException("deviceMemory must not be negative: " + deviceMemory);
    }
  }

  /** The kernels and the precision that the backend takes by itself. */
  public BackendOptions(int threads, int device, long deviceMemory) {
    this(threads, device, deviceMemory, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The first device, with its default memory. */
  public BackendOptions(int threads) {
    this(threads, 0, 0);
  }

  /** These options with another precision. */
  public BackendOptions with(Precision other) {
    return new BackendOptions(threads, device, deviceMemory, kernels, Optional.of(other), runtime);
  }

  /** These options with another runtime. */
  public BackendOptions with(DeviceRuntime other) {
    return new BackendOptions(
        threads, device, deviceMemory, kernels, precision, Optional.of(other));
  }

  /** As many threads as the machine has processors. */
  public static BackendOptions defaults() {
    return new BackendOptions(Runtime.getRuntime().availableProcessors());
  }
}
