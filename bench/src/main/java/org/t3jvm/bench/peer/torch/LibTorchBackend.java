package org.t3jvm.bench.peer.torch;

import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;

/** Runs graphs with libtorch. Parameters are converted once to what is computed in. */
final class LibTorchBackend implements Backend {
  private final String name;
  private final LibTorch torch;
  private final int threads;
  private final TorchDType dtype;
  private final TorchAttention attention;

  LibTorchBackend(String name, int threads, TorchDType dtype, TorchAttention attention) {
    this.name = name;
    this.torch = LibTorch.get();
    this.threads = threads;
    this.dtype = dtype;
    this.attention = attention;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Program compile(Graph graph, Parameters parameters) {
    return new LibTorchProgram(torch, threads, dtype, attention, graph, parameters);
  }

  /** libtorch's threads sleep between runs and stay for the next backend. */
  @Override
  public void close() {}
}
