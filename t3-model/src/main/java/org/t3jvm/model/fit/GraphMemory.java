package org.t3jvm.model.fit;

import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.Value;

/** Bytes that running a graph takes, but for its parameters. */
final class GraphMemory {
  private GraphMemory() {}

  /** Whether a backend can hold each of the graph's values. */
  static boolean holds(Backend backend, Graph graph) {
    long most = backend.maxElements();
    return graph.values().stream().allMatch(value -> value.shape().elements() <= most);
  }

  /** Inputs and outputs. */
  static long held(Graph graph) {
    long bytes = 0;
    for (Value value : graph.inputs().values()) {
      bytes += OpWork.bytes(value);
    }
    for (Value value : graph.outputs().values()) {
      bytes += OpWork.bytes(value);
    }
    return bytes;
  }

  /** What a program works in. */
  static long working(MemoryPlan plan) {
    return plan.activations() + plan.scratch();
  }

  /** Inputs, outputs and what its program works in, as far as the backend can tell of it. */
  static long all(Backend backend, Graph graph) {
    return held(graph) + backend.plan(graph).map(GraphMemory::working).orElse(0L);
  }
}
