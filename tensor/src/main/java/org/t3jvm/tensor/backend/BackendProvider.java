package org.t3jvm.tensor.backend;

import java.util.List;

/** One kind of backend, found by {@link java.util.ServiceLoader}; loading it must not fail. */
public interface BackendProvider {
  /** The name users choose it by, such as {@code cpu}. */
  String name();

  /** Whether it can start here, and why not; never throws. */
  Availability availability();

  /**
   * What a usable backend finds out by trying itself for a moment, as lines for people; a line that
   * starts with {@code warning} names what is wrong and the remedy.
   */
  default List<String> diagnostics() {
    return List.of();
  }

  /** Its devices that are hardware made for this, which an automatic choice prefers to the CPU. */
  default List<DeviceOffer> offers() {
    return List.of();
  }

  /**
   * Opens the backend.
   *
   * @throws BackendException if it is unavailable, with the reason of {@link #availability()}
   */
  Backend open(BackendOptions options);
}
