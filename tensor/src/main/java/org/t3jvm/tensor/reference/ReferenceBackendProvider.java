package org.t3jvm.tensor.reference;

import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;

/** Provides the reference backend, which runs everywhere. */
public final class ReferenceBackendProvider implements BackendProvider {
  static final String NAME = "reference";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    return new Availability.Usable(
        "plain Java loops, sums in float64, 1 thread; slow, for checking");
  }

  @Override
  public Backend open(BackendOptions options) {
    return new ReferenceBackend();
  }
}
