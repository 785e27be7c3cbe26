package org.t3jvm.tensor.cpu.run;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Bindings;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Checks that tensors lie where the kernels can use them: outside of the Java heap, where all
 * workers may read or write.
 */
final class MemoryChecks {
  private MemoryChecks() {}

  /** The tensors of a graph's parameters, checked; checks its constants too. */
  static Map<Value, Tensor> parameters(Graph graph, Parameters parameters, WorkerPool pool) {
    Map<Value, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (name, value) -> {
              Tensor tensor = Bindings.parameter(name, value, parameters);
              require("parameter", name, tensor, pool);
              tensors.put(value, tensor);
            });
    for (Value value : graph.values()) {
      if (value.op() instanceof Op.Constant constant) {
        require("constant", value.toString(), constant.tensor(), pool);
      }
    }
    return tensors;
  }

  /** Checks the tensors of one run. */
  static void run(
      Graph graph, Map<String, Tensor> inputs, Map<String, Tensor> outputs, WorkerPool pool) {
    Bindings.requireInputs(graph, inputs);
    Bindings.requireOutputs(graph, outputs);
    for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
      require("input", input.getKey(), input.getValue(), pool);
    }
    for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
      require("output", output.getKey(), output.getValue(), pool);
      if (output.getValue().segment().isReadOnly()) {
        throw unusable("output", output.getKey(), output.getValue(), "read-only memory");
      }
    }
  }

  private static void require(String role, String name, Tensor tensor, WorkerPool pool) {
    MemorySegment segment = tensor.segment();
    if (!segment.isNative()) {
      throw unusable(role, name, tensor, "the Java heap; it must be off-heap or a mapped file");
    }
    if (!pool.reaches(segment)) {
      throw unusable(
          role, name, tensor, "a confined arena; it must be in a shared or automatic one");
    }
  }

  private static BackendException unusable(String role, String name, Tensor tensor, String place) {
    return new BackendException("%s '%s' %s lies in %s".formatted(role, name, tensor, place));
  }
}
