package org.t3jvm.model.fit;

import java.util.Optional;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/** A backend that refuses graphs with values above a number of elements, as devices do. */
record LimitedBackend(Backend backend, long maxElements) implements Backend {
  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public Program compile(Graph graph, Parameters parameters) {
    requireSmall(graph);
    return backend.compile(graph, parameters);
  }

  @Override
  public Optional<MemoryPlan> plan(Graph graph) {
    requireSmall(graph);
    return backend.plan(graph);
  }

  private void requireSmall(Graph graph) {
    for (Value value : graph.values()) {
      if (value.shape().elements() > maxElements) {
        throw new BackendException("at most %d elements, not %s".formatted(maxElements, value));
      }
    }
  }

  @Override
  public void close() {
    backend.close();
  }
}
