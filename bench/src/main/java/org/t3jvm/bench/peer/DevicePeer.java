package org.t3jvm.bench.peer;

import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/**
 * A backend of ours that runs beside the cpu backend. Its times include sending a case's inputs to
 * the device and fetching the results; parameters stay there.
 *
 * @param name the backend's
 * @param device which of its devices, from 0
 */
public record DevicePeer(String name, int device) implements PeerProvider {
  /**
   * A backend on one of its devices.
   *
   * @throws BackendException if there is no such backend
   */
  public DevicePeer {
    Backends.named(name);
  }

  @Override
  public Availability availability() {
    return Backends.named(name).availability();
  }

  @Override
  public Backend open(int threads) {
    return Backends.named(name).open(new BackendOptions(threads, device, 0));
  }
}
