package org.t3jvm.tensor.backend;

/**
 * Settings for opening a backend.
 *
 * @param threads worker threads of a CPU backend, at least 1
 * @param device which device of a GPU backend, from 0, in the order of its provider
 * @param deviceMemory bytes of device memory that a GPU backend may use, or 0 for its default
 */
public record BackendOptions(int threads, int device, long deviceMemory) {
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

  /** The first device, with its default memory. */
  public BackendOptions(int threads) {
    this(threads, 0, 0);
  }

  /** As many threads as the machine has processors. */
  public static BackendOptions defaults() {
    return new BackendOptions(Runtime.getRuntime().availableProcessors());
  }
}
