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

  /** Whether it computes on hardware made for it, so that an automatic choice prefers it. */
  default boolean isAccelerator() {
    return false;
  }

  /**
   * Opens the backend.
   *
   * @throws BackendException if it is unavailable, with the reason of {@link #availability()}
   */
  Backend open(BackendOptions options);
}
