package org.t3jvm.bench.peer;

import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;

/** A native library that runs graphs beside ours, to be compared with. */
public interface PeerProvider {
  /** As in reports, such as {@code libtorch-f32}. */
  String name();

  /** Whether its natives are there and load, and if not, why. */
  Availability availability();

  /**
   * Starts the library with {@code threads} threads. Compiling a graph that it cannot run throws
   * {@link BackendException}.
   *
   * @throws BackendException if it is unavailable
   */
  Backend open(int threads);
}
