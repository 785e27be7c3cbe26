package org.t3jvm.bench.peer;

import java.util.List;

/** The native libraries that can be built in. */
public final class Peers {
  private Peers() {}

  /** Every peer, usable or not. */
  public static List<PeerProvider> all() {
    return List.of();
  }
}
