package org.t3jvm.bench.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;

/** A backend that runs a case's graph into outputs of its own. */
final class GraphContender implements Contender {
  private final String name;
  private final Program program;
  private final CaseData data;
  private final SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
  private final long compileNanos;
  private long firstRunNanos;

  /**
   * Compiles a graph.
   *
   * @param graph the case's, or one that gives the same outputs
   * @throws BackendException if the backend does not support one of its ops
   */
  GraphContender(String name, Backend backend, Graph graph, CaseData data) {
    this.name = name;
    this.data = data;
    long start = System.nanoTime();
    this.program = backend.compile(graph, Parameters.of(data.parameters()));
    this.compileNanos = System.nanoTime() - start;
    data.graph()
        .outputs()
        .forEach((key, value) -> outputs.put(key, data.allocate(value.dtype(), value.shape())));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    long start = System.nanoTime();
    program.run(data.inputs(), outputs, RegionListener.NONE);
    if (firstRunNanos == 0) {
      firstRunNanos = System.nanoTime() - start;
    }
  }

  /** Seconds that the first results took, kernels and parameters included. */
  double firstSeconds() {
    return (compileNanos + firstRunNanos) / 1e9;
  }

  /** What the last run gave. */
  Map<String, Tensor> outputs() {
    return outputs;
  }

  @Override
  public void close() {
    program.close();
  }
}
