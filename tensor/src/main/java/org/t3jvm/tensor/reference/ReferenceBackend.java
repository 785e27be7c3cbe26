package org.t3jvm.tensor.reference;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Bindings;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;

/** Runs graphs op by op, see the package. */
final class ReferenceBackend implements Backend {
  @Override
  public String name() {
    return ReferenceBackendProvider.NAME;
  }

  @Override
  public Program compile(Graph graph, Parameters parameters) {
    Map<String, Tensor> bound = new HashMap<>();
    graph
        .parameters()
        .forEach((name, value) -> bound.put(name, Bindings.parameter(name, value, parameters)));
    return new ReferenceProgram(graph, bound);
  }

  @Override
  public Optional<MemoryPlan> plan(Graph graph) {
    return Optional.of(new ReferenceProgram(graph, Map.of()).memoryPlan());
  }

  @Override
  public void close() {}
}
