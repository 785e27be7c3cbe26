package org.t3jvm.bench.peer.blas;

import org.t3jvm.bench.peer.PeerProvider;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;

/** OpenBLAS: {@code cblas_sgemm} alone. */
public final class OpenBlasPeer implements PeerProvider {
  static final String NAME = "openblas";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    Availability availability = OpenBlas.BUNDLE.availability("OpenBLAS 0.3.30, F32");
    if (availability instanceof Availability.Usable) {
      try {
        OpenBlas.get();
      } catch (BackendException e) {
        return new Availability.Unavailable(String.valueOf(e.getMessage()));
      }
    }
    return availability;
  }

  @Override
  public Backend open(int threads) {
    if (availability() instanceof Availability.Unavailable(String reason)) {
      throw new BackendException("peer '%s' is unavailable: %s".formatted(NAME, reason));
    }
    return new OpenBlasBackend(threads);
  }
}
