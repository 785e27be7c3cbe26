package org.t3jvm.tensor.backend;

/**
 * Settings for opening a backend.
 *
 * @param threads worker threads of a CPU backend, at least 1
 */
public record BackendOptions(int threads) {
  public BackendOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
  }

  /** As many threads as the machine has processors. */
  public static BackendOptions defaults() {
    return new BackendOptions(Runtime.getRuntime().availableProcessors());
  }
}
