package org.t3jvm.tensor.backend;

/** One kind of backend, found by {@link java.util.ServiceLoader}; loading it must not fail. */
public interface BackendProvider {
  /** The name users choose it by, such as {@code cpu}. */
  String name();

  /** Whether it can start here, and why not; never throws. */
  Availability availability();

  /**
   * Opens the backend.
   *
   * @throws BackendException if it is unavailable, with the reason of {@link #availability()}
   */
  Backend open(BackendOptions options);
}
