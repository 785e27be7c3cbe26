package org.t3jvm.bench.peer;

import java.util.Locale;
import java.util.Optional;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.DeviceRuntime;

/**
 * A backend of ours that runs beside the cpu backend. Its times include sending a case's inputs to
 * the device and fetching the results; parameters stay there.
 *
 * @param backend the backend's name
 * @param device which of its devices, from 0
 * @param runtime what starts its kernels; nothing for its default
 */
public record DevicePeer(String backend, int device, Optional<DeviceRuntime> runtime)
    implements PeerProvider {
  /**
   * A backend on one of its devices.
   *
   * @throws BackendException if there is no such backend
   */
  public DevicePeer {
    Backends.named(backend);
  }

  /** As {@code opencl}, or {@code opencl-tornado} where a runtime is named. */
  @Override
  public String name() {
    return runtime
        .map(each -> backend + "-" + each.name().toLowerCase(Locale.ROOT))
        .orElse(backend);
  }

  @Override
  public Availability availability() {
    return Backends.named(backend).availability();
  }

  @Override
  public Backend open(int threads) {
    BackendOptions options = new BackendOptions(threads, device, 0);
    return Backends.named(backend).open(runtime.map(options::with).orElse(options));
  }
}
