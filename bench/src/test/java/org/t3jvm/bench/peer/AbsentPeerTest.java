package org.t3jvm.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.bench.cli.Peers;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.BackendException;

class AbsentPeerTest {
  private static final String REMEDY = "not on the class path: build with -Ppeers";

  @Test
  void aBundleWithoutItsFilesSaysHowToGetThem() {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "natives are for Linux x86-64");
    NativeBundle bundle = new NativeBundle("none-1.0", "no/such/folder", List.of("libnone.so"));
    assertThat(bundle.availability("none")).isEqualTo(new Availability.Unavailable(REMEDY));
  }

  @Test
  void unavailablePeersDoNotOpen() {
    List<PeerProvider> absent =
        Peers.all().stream()
            .filter(peer -> peer.availability() instanceof Availability.Unavailable)
            .toList();
    assumeTrue(!absent.isEmpty(), "every peer is available");
    for (PeerProvider peer : absent) {
      assertThatThrownBy(() -> peer.open(1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("peer '" + peer.name() + "' is unavailable");
      assertThat(Peers.available()).doesNotContain(peer);
    }
  }
}
