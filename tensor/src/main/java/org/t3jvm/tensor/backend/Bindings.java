package org.t3jvm.tensor.backend;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/** Checks what a graph is bound to before anything is computed. */
public final class Bindings {
  private Bindings() {}

  /**
   * The tensor bound to a parameter of a graph.
   *
   * @throws BackendException if its dtype or shape is not the parameter's
   */
  public static Tensor parameter(String name, Value parameter, Parameters parameters) {
    Tensor tensor = parameters.tensor(name);
    requireFits("parameter", name, parameter, tensor);
    return tensor;
  }

  /**
   * Fails unless there is exactly one tensor for every input, of its dtype and shape.
   *
   * @throws BackendException naming what is missing, unknown or unfit
   */
  public static void requireInputs(Graph graph, Map<String, Tensor> inputs) {
    Set<String> missing = new TreeSet<>(graph.inputs().keySet());
    missing.removeAll(inputs.keySet());
    if (!missing.isEmpty()) {
      throw new BackendException(
          "no tensor is given for the graph's inputs " + String.join(", ", missing));
    }
    requireSomeInputs(graph, inputs);
  }

  /**
   * Fails unless every tensor is for an input of the graph, of its dtype and shape.
   *
   * @throws BackendException naming what is unknown or unfit
   */
  public static void requireSomeInputs(Graph graph, Map<String, Tensor> inputs) {
    requireKnown("input", graph.inputs(), inputs);
  }

  /**
   * Fails unless every tensor is for an output of the graph, of its dtype and shape.
   *
   * @throws BackendException naming what is unknown or unfit
   */
  public static void requireOutputs(Graph graph, Map<String, Tensor> outputs) {
    requireKnown("output", graph.outputs(), outputs);
  }

  private static void requireKnown(
      String role, Map<String, Value> known, Map<String, Tensor> given) {
    for (Map.Entry<String, Tensor> entry : given.entrySet()) {
      Value value = known.get(entry.getKey());
      if (value == null) {
        throw new BackendException(
            "the graph has no %s '%s'; it has %s"
                .formatted(role, entry.getKey(), String.join(", ", known.keySet())));
      }
      requireFits(role, entry.getKey(), value, entry.getValue());
    }
  }

  private static void requireFits(String role, String name, Value value, Tensor tensor) {
    if (tensor.dtype() != value.dtype() || !tensor.shape().equals(value.shape())) {
      throw new BackendException(
          "%s '%s' is %s, the graph has it as %s %s"
              .formatted(role, name, tensor, value.dtype(), value.shape()));
    }
  }
}
