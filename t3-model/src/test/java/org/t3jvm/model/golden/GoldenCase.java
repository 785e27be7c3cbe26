package org.t3jvm.model.golden;

import org.t3jvm.tensor.backend.Backend;

/** One comparison that an entry of the fixtures asks for. */
sealed interface GoldenCase {
  /** What is compared, for people. */
  String name();

  /** Computed by a backend; run on each. */
  record OnBackend(String name, BackendCheck check) implements GoldenCase {}

  /** Computed without a backend; run once. */
  record OnHost(String name, HostCheck check) implements GoldenCase {}

  /** Fails with an {@link AssertionError} if a backend gives other values. */
  @FunctionalInterface
  interface BackendCheck {
    void run(Backend backend) throws Exception;
  }

  /** Fails with an {@link AssertionError} if values differ. */
  @FunctionalInterface
  interface HostCheck {
    void run() throws Exception;
  }
}
