package org.t3jvm.bench.peer.torch;

import java.util.List;
import org.t3jvm.bench.peer.PeerProvider;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;

/** libtorch in one of its manners. */
public final class LibTorchPeer implements PeerProvider {
  private static final TorchAttention BEST = new TorchAttention(false);
  private static final TorchAttention UPSTREAM = new TorchAttention(true);

  private final String name;
  private final TorchDType dtype;
  private final TorchAttention attention;

  private LibTorchPeer(String name, TorchDType dtype, TorchAttention attention) {
    this.name = name;
    this.dtype = dtype;
    this.attention = attention;
  }

  /**
   * Computing in F32, computing in BF16, and in F32 with upstream's window attention, which always
   * makes both passes and copies tokens into windows and back (SPEC 5, SPEC 17), or masks all keys
   * (SPEC 20.2).
   */
  public static List<PeerProvider> all() {
    return List.of(
        new LibTorchPeer("libtorch-f32", TorchDType.F32, BEST),
        new LibTorchPeer("libtorch-bf16", TorchDType.BF16, BEST),
        new LibTorchPeer("libtorch-upstream", TorchDType.F32, UPSTREAM));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Availability availability() {
    Availability availability = LibTorch.BUNDLE.availability("libtorch 2.7.1 on the CPU, " + dtype);
    if (availability instanceof Availability.Usable) {
      try {
        LibTorch.get();
      } catch (BackendException e) {
        return new Availability.Unavailable(String.valueOf(e.getMessage()));
      }
    }
    return availability;
  }

  @Override
  public Backend open(int threads) {
    if (availability() instanceof Availability.Unavailable(String reason)) {
      throw new BackendException("peer '%s' is unavailable: %s".formatted(name, reason));
    }
    return new LibTorchBackend(name, threads, dtype, attention);
  }
}
