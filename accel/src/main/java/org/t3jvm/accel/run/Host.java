package org.t3jvm.accel.run;

import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.lower.HostOps;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.graph.Graph;

/** Backend {@code cpu}, which computes {@link HostOps}; opened when there are any. */
final class Host implements AutoCloseable {
  private final int threads;
  private @Nullable Backend cpu;

  Host(int threads) {
    this.threads = threads;
  }

  synchronized Backend cpu() {
    Backend open = cpu;
    if (open == null) {
      open = Backends.named("cpu").open(new BackendOptions(threads).with(Precision.F32));
      cpu = open;
    }
    return open;
  }

  /** Bytes of the host's memory that a graph's largest op there takes. */
  long bytes(Graph graph) {
    return graph.values().stream()
        .filter(HostOps::computes)
        .mapToLong(value -> new HostStep(value).bytes(cpu()))
        .max()
        .orElse(0);
  }

  @Override
  public synchronized void close() {
    if (cpu != null) {
      cpu.close();
    }
  }
}
