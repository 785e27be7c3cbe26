package org.t3jvm.bench.cli;

import java.util.List;
import java.util.stream.Stream;
import org.t3jvm.bench.peer.PeerProvider;
import org.t3jvm.bench.peer.blas.OpenBlasPeer;
import org.t3jvm.bench.peer.torch.LibTorchPeer;
import org.t3jvm.tensor.backend.Availability;

/** The peers of this build. Their natives are on the class path only with {@code -Ppeers}. */
public final class Peers {
  private Peers() {}

  /** Every peer, available or not, in the order of reports. */
  public static List<PeerProvider> all() {
    return Stream.concat(LibTorchPeer.all().stream(), Stream.of(new OpenBlasPeer())).toList();
  }

  /** Those that can run here. */
  public static List<PeerProvider> available() {
    return all().stream()
        .filter(peer -> peer.availability() instanceof Availability.Usable)
        .toList();
  }
}
